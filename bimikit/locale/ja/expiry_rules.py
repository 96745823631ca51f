"""The texts of the rules on when certificates end, in Japanese."""

from __future__ import annotations

from .. import Text

_REFUSED = "チェーンの証明書が1つでも期限切れになると、受信側はチェーン全体を拒否し、ロゴは表示されなくなります。"

RULES: dict[str, Text] = {
    "expiry.ended": Text(
        "期限切れの証明書",
        "{kind}「{subject}」の有効期限は{until}でした。",
        _REFUSED,
        "{renewal}公開する前に、新しいファイルを確認してください。",
    ),
    "expiry.soon": Text(
        "期限間近の証明書",
        "{kind}「{subject}」の有効期限は{until}で、残りは{days}日です。対応を始める日（{within}日前）は{act}でした。",
        f"{_REFUSED}認証局がマークを確認し直すことがあるため、更新には時間がかかります。",
        "{renewal}公開する前に、新しいファイルを確認してください。",
    ),
    "expiry.unknown": Text(
        "有効期限を確認できない",
        "{source}の証明書の有効期限を確認できませんでした。理由：{reason}（{detail}）。",
        "有効期限を確認できないままでは、期限切れに気づけません。",
        "ファイル、レコード、アドレスのうち、誤っているものを直してください。一時的な障害の場合は、後でもう一度確認します。",
    ),
    "expiry.no-certificate": Text(
        "証明書のないドメイン",
        "{source}には、証明書が公開されていません（{reason}）。",
        "証明書がなければ、期限が切れることもありません。ただし、証明書がないとロゴを表示しないメールサービスもあります。",
        "証明書が必要な場合は、そのアドレスをアサーションレコードのa=に書いて公開してください。必要でなければ、対応は要りません。",
    ),
    "expiry.issuer-missing": Text(
        "発行CAの証明書がファイルにない",
        "「{subject}」の発行者の証明書が、ファイルにも信頼済みの証明書にもありません。このため、その有効期限を確認できません。",
        f"{_REFUSED}発行CAの証明書も同じです。",
        "認証局から受け取ったとおりに、発行CAの証明書を、ファイルの中のマーク証明書の下に入れてください。",
    ),
}
