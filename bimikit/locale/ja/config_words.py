"""What is wrong with a configuration, in Japanese."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "place": "{file}：{key}：",
    "whole": "{file}：",
    "did-you-mean": "「{word}」ではありませんか。",
    "no-table": "[tool.bimikit]のテーブルがありません",
    "unreadable": "読み取れません：{reason}",
    "too-large": "{limit}バイトを超えています",
    "no-toml": "TOMLとして読み取れません：{reason}",
    "unknown-key": "このようなキーはありません。{hint}使えるキー：{known}",
    "missing-key": "{name}のキーがありません",
    "unfit": "{reason}",
    "empty": "空にはできません",
    "zone-and-record": "ゾーンファイルか、レコードそのもののどちらか一方を指定してください",
    "seconds": "0より大きく、{limit}秒以下にしてください",
    "negative": "0以上にしてください",
    "no-rule": "{word}で始まるルールはありません。{hint}",
    "no-provider": "{word}というメールボックス事業者はありません。{hint}使える名前：{known}",
    "unusable-file": "{name}を使えません：{reason}",
    "ignore-ended": "{files}について{until}まで除外していた項目（{reason}）は、期限が過ぎたため、再び判定に含まれます。修正するか、新しい期限を決めてください",
}
