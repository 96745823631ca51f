"""Words that only the rules on what is fetched use, in Japanese."""

from __future__ import annotations

TERMS: dict[str, str] = {
    # what is fetched
    "web.kind-indicator": "ロゴ（l=）",
    "web.kind-evidence": "証明書（a=）",
    "web.kind-crl": "CRL（失効リスト）",
    # why a URL can't be used
    "web.url-long": "長すぎます",
    "web.url-characters": "空白、バックスラッシュ、目に見えない文字のいずれかが含まれています",
    "web.url-form": "https://ホスト名/パスの形になっていません",
    "web.url-login": "ホスト名の前に、ユーザー名または@があります",
    "web.url-host": "ホストが、有効な名前でもIPアドレスでもありません",
    "web.url-host-number": "ホストが、ソフトによって解釈の異なる数字になっています",
    "web.url-port": "ポートが、1から65535までの数字ではありません",
    "web.url": "接続に使えない形のURLです",
    "web.scheme": "httpsのURLではありません",
    "web.port": "Web以外のサービスのポートが指定されています",
    # what an address is
    "web.address-unspecified": "特定のホストを指さないアドレスです",
    "web.address-loopback": "確認しているコンピューター自身を指すアドレスです",
    "web.address-private": "プライベートネットワーク用のアドレスです",
    "web.address-shared": "通信事業者の内部ネットワーク用のアドレスです",
    "web.address-link-local": "同じネットワークの中だけで使うアドレスです",
    "web.address-documentation": "説明文の例に使うためのアドレスです",
    "web.address-benchmark": "機器の性能測定用のアドレスです",
    "web.address-multicast": "複数のホストに一斉に送るためのアドレスです",
    "web.address-reserved": "Webサーバーには割り当てられないアドレスです",
    "web.address-embedded": "IPv4アドレスを埋め込んだだけのアドレスです",
    "web.address-scoped": "特定のネットワークインターフェース用のアドレスです",
    "web.address-unreadable": "IPアドレスとして読み取れません",
    "web.address-many": "アドレスの数が、Webサーバーとしては多すぎます",
    # what became of the connection
    "web.timeout": "時間がかかりすぎました",
    "web.dns": "ホストをDNSで調べられませんでした",
    "web.dns-missing": "ホストのIPアドレスがDNSに登録されていません",
    "web.connection": "接続に失敗しました",
    "web.proxy": "プロキシに拒否されました",
    "web.protocol": "応答がHTTPではありません",
    "web.tls": "安全な接続（TLS）を確立できませんでした",
    "web.tls-expired": "サーバーのTLS証明書の有効期限が切れています",
    "web.tls-name": "サーバーのTLS証明書が、別の名前のものです",
    "web.tls-untrusted": "サーバーのTLS証明書が信頼されていません",
    # what became of the answer
    "web.not-found": "このURLには何もありません",
    "web.status": "サーバーに拒否されました",
    "web.server-error": "サーバーの内部でエラーが起きました",
    "web.request-timeout": "サーバーの待ち時間が上限を超えました",
    "web.too-many-requests": "サーバーから、後でやり直すように求められました",
    "web.redirect-http": "httpsからhttpへリダイレクトされました",
    "web.redirect-loop": "リダイレクトが循環しています",
    "web.too-many-redirects": "リダイレクトが多すぎます",
    "web.too-large": "ファイルが大きすぎます",
    "web.encoding-unknown": "この圧縮方式は知られていません",
    "web.encoding-damaged": "データを展開できません",
}
"""Under ``web.`` and `Fetched.reason`, or ``web.kind-`` and `Kind`."""
