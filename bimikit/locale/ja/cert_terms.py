"""Words that only the rules on Mark Certificates use, in Japanese."""

from __future__ import annotations

TERMS: dict[str, str] = {
    # what a file turns out to be
    "kind.gzip": "gzipアーカイブ",
    "kind.svg": "SVGのロゴ（またはほかのXML）",
    "kind.der": "DER形式の証明書と同じ始まり方のバイナリファイル",
    "kind.pem-other": "証明書の入っていないPEMファイル",
    "kind.html-certificate": "Webページ（HTML。証明書の代わりに保存したエラーページかもしれません）",
    "kind.utf16": "UTF-16のテキスト（ASCII、またはBOMのないUTF-8で保存し直してください）",
    "kind.base64-certificate": "BEGINとENDの行がないBase64の文字列",
    "kind.dashes": "ハイフンが別の記号に変わったPEMのテキスト（BEGINとENDの前後には、それぞれ半角ハイフンが5つ必要です）",
    "kind.unknown": "不明な種類のファイル",
    # why a PEM block can't be read
    "pem.no-end": "ENDの行がないか、BEGINの行と対応していません",
    "pem.character": "Base64では使えない文字があります",
    "pem.padding": "Base64が不完全です（文字の不足または余分があります）",
    # how two logos differ
    "match.elsewhere": "要素の間の空白、コメント、または処理命令",
}
