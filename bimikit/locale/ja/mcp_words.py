"""What the tools for assistants say of a call that can't be answered, in Japanese."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "did-you-mean": "もしかして{word}ですか。",
    # names and values of parameters
    "no-tool": "ツール{word}はありません。{hint}使えるのは{known}です。",
    "no-parameter": "{tool}に引数{word}はありません。{hint}指定できるのは{known}です。",
    "missing": "{tool}には{word}が必要です。指定できるのは{known}です。",
    "wrong": "{parameter}には{expected}を指定してください（{value}は使えません）。",
    "expected.string": "文字列",
    "expected.array": '["…"]のような文字列のリスト（{most}個まで）',
    "expected.array.unbounded": '["…"]のような文字列のリスト',
    "expected.boolean": "trueまたはfalse",
    "expected.integer": "{least}から{most}までの整数",
    "expected.enum": "{known}のいずれか",
    "empty": "{parameter}が空です。{expected}を指定してください。指定しない場合は、この引数を省いてください。",
    "expected.logo": "SVGファイルのパス、またはSVGの内容",
    "expected.certificate": "証明書ファイルのパス、またはPEM形式の内容",
    "expected.crls": "失効リストのパス、またはPEM形式の内容",
    "expected.certificates": "証明書ファイルのパス",
    "expected.fonts": "フォントファイルのパス",
    "not-a-record": "{parameter}：{value}はレコードではなくパスです。{example}のように、レコードの内容を指定してください。",
    "no-moment": "at：{text}は、日付でもタイムゾーン付きの日時でもありません。2026-11-24や2026-11-24T09:00+09:00のように指定してください。",
    "no-provider": "メールサービス{word}はありません。{hint}指定できるのは{known}です。",
    "no-rule": "ルール{word}はありません。{hint}",
    "more-rules": "ほかにも{count}件あります：{known}",
    # files
    "outside": "{file}は{folder}の外にあります。読み書きできるのは、このフォルダーの中だけです。",
    "unreadable": "{file}を読み取れません：{reason}",
    "unwritable": "{file}に書き込めません：{reason}",
    "no-svg-file": "{file}には書き込めません。書き込めるのは、設定でほかの用途に使われていないSVGファイル（.svg）だけです。",
    "there-already": "{file}には書き込めません。同じ名前のファイルがすでにあります。見比べられるように、別の名前を指定してください。",
    # what takes too long
    "busy": "実行中の処理が多すぎます。しばらくしてから、もう一度お試しください。",
    "too-long": "{seconds}秒以内に終わりませんでした。もう一度試すか、一度に調べるものを減らしてください。",
    # what the configuration publishes
    "no-publications": "設定に公開内容（publications）がありません。設定に書くか、調べるものを引数で指定してください。",
    "domain-missing": "どのドメインの予定かを、domainで指定してください。引数をすべて省くと、設定にある公開内容を調べます。",
    "no-such-publication": "設定に{word}の公開内容はありません。{hint}",
    "no-certificates": "設定の公開内容に、証明書ファイルがありません。certificatesで指定してください。",
}
