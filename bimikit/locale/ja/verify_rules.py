"""The texts of the rules on what is published in place of what was planned, in Japanese."""

from __future__ import annotations

from .. import Text

_DECIDE = "どちらが正しいかを確かめてください。計画が正しい場合は、{mend}。公開されているほうが正しい場合は、それをリポジトリに入れます。"
_RECORD = _DECIDE.replace("{mend}", "DNSの管理画面で{name}のTXTレコードを直します")
_FILE = _DECIDE.replace("{mend}", "計画したファイルを{url}にアップロードし、手前にあるキャッシュを消します")
_ADD = "DNSの管理画面で、{name}に計画どおりのTXTレコードを作成してください：「{planned}」。作成した直後の場合は、DNSに行き渡るのを待ってから、もう一度確認します。"
_SPREAD = "DNSを変更した直後は、古いレコードのTTL（有効時間）が過ぎるまで、変更がすべての場所には行き渡りません。"
_REWRITTEN = "受信側にとっては、どちらも同じ意味です。ただし、文字列として比べると異なります。"
_SAME_TEXT = "対応は必要ありません。表記もそろえる場合は、{name}のレコードを計画どおりに書いてください：「{planned}」。"

RULES: dict[str, Text] = {
    # records in the DNS
    "verify.dmarc-changed": Text(
        "計画と異なるDMARCレコード",
        "{name}のDMARCレコードが、計画と異なります。最初の違い：公開中は「{published}」、計画では「{expected}」。",
        f"受信側は、公開されているレコードに従います。{_SPREAD}",
        _RECORD,
    ),
    "verify.dmarc-missing": Text(
        "公開されていないDMARCレコード",
        "計画したDMARCレコードが、{name}に公開されていません。",
        f"DMARCレコードのないドメインのロゴは表示されません。{_SPREAD}",
        _ADD,
    ),
    "verify.dmarc-unexpected": Text(
        "計画にないDMARCレコード",
        "{name}に、計画にないDMARCレコードがあります：「{published}」。",
        "受信側は、公開されているレコードに従います。1つの名前にDMARCレコードが複数あると、どれも使いません。",
        "DNSの管理画面で{name}のレコードを削除するか、リポジトリに入れてください。",
    ),
    "verify.dmarc-rewritten": Text(
        "計画と表記の異なるDMARCレコード",
        "{name}のDMARCレコードは、内容は計画どおりですが、表記（空白、順序、セミコロン）が異なります。",
        _REWRITTEN,
        _SAME_TEXT,
    ),
    "verify.record-changed": Text(
        "計画と異なるアサーションレコード",
        "{name}のアサーションレコードが、計画と異なります。最初の違い：公開中は「{published}」、計画では「{expected}」。",
        f"受信側は、公開されているレコードに従います。{_SPREAD}",
        _RECORD,
    ),
    "verify.record-missing": Text(
        "公開されていないアサーションレコード",
        "計画したアサーションレコードが、{name}に公開されていません。",
        f"アサーションレコードがないと、受信側はロゴを見つけられません。{_SPREAD}",
        _ADD,
    ),
    "verify.record-unexpected": Text(
        "計画にないアサーションレコード",
        "{name}に、計画にないアサーションレコードがあります：「{published}」。",
        "受信側は、公開されているレコードに従います。1つの名前にアサーションレコードが複数あると、どれも使いません。",
        "DNSの管理画面で{name}のレコードを削除するか、リポジトリに入れてください。",
    ),
    "verify.record-rewritten": Text(
        "計画と表記の異なるアサーションレコード",
        "{name}のアサーションレコードは、内容は計画どおりですが、表記（空白、順序、セミコロン）が異なります。",
        _REWRITTEN,
        _SAME_TEXT,
    ),
    # files on the web
    "verify.not-published": Text(
        "公開されていないファイル",
        "{kind}は計画に含まれていますが、公開中のアサーションレコードには、使えるアドレスが書かれていません。",
        "受信側が取得するのは、公開されているレコードに書かれたファイルだけです。",
        "DNSの管理画面で、アサーションレコードにアドレスを加えてください。ロゴはl=、証明書はa=です。",
    ),
    "verify.logo-changed": Text(
        "計画と異なるロゴ",
        "{url}のロゴが、計画したファイルと異なります：{problem}。{byte}バイト目から違います。公開中は「{published}」、計画では「{expected}」。",
        "受信側が使うのは、公開されているファイルのバイト列です。画像を自動で「最適化」する仕組みや、キャッシュに残った古いファイルのために、気づかないうちに変わることがあります。そうなると、証明書の中のロゴとも一致しません。",
        _FILE,
    ),
    "verify.certificate-changed": Text(
        "計画と異なる証明書ファイル",
        "{url}の証明書ファイルが、計画したものと異なります：{problem}。{byte}バイト目から違います。公開中：{published}、計画：{expected}。",
        "受信側が調べるのは、公開されているファイルです。それが古いものであれば、リポジトリに何があっても、その期限が切れるとロゴは表示されなくなります。",
        _FILE,
    ),
    "verify.certificate-unreadable": Text(
        "ロゴの入っていない証明書ファイル",
        "{url}のファイルには、ロゴの入ったマーク証明書がありません。このため、公開中のロゴと比べられません。",
        "証明書を求める受信側は、証明書の中と同じロゴだけを表示します。",
        "認証局から受け取った証明書ファイル（PEM形式）を、そのままこのURLで公開してください。",
    ),
    # what could not be found out
    "verify.dns-undecided": Text(
        "調べられなかったレコード",
        "{name}の{kind}を調べられませんでした（{reason}）。計画どおりかどうかは分かりません。",
        "調べられない間は、変更があっても気づけません。変更があったということではなく、ネームサーバーまたはそこまでの経路に、一時的な問題があるようです。",
        "数分後にもう一度確認してください。変わらない場合は、{name}のネームサーバーの状態を調べてもらってください。",
    ),
    "verify.nothing-planned": Text(
        "比べるものがない",
        "比べるファイルもレコードも指定されていないため、何も確認していません。",
        "何も比べていない結果を、問題なしと見なすことはできません。",
        "設定に、公開するロゴ、証明書、レコード（またはゾーンファイル）を指定してください。",
    ),
}
