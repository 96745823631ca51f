"""Words that only the watch on the ends of certificates uses, in Japanese."""

from __future__ import annotations

TERMS: dict[str, str] = {
    "expiry.role-mark": "マーク証明書",
    "expiry.role-issuing-ca": "発行CAの証明書",
    "expiry.role-root": "ルート証明書",
    # what to do
    "expiry.renew-mark": "マーク証明書の認証局（MVA）に更新を申し込み、新しいファイルに差し替えて公開してください。",
    "expiry.renew-issuing-ca": "マーク証明書の認証局（MVA）に、このCAの新しい証明書、または新しいチェーンのマーク証明書がないかを問い合わせ、受け取ったファイルに差し替えて公開してください。",
    "expiry.renew-root": "マーク証明書の認証局（MVA）に、新しいルートにつながるチェーンがないかを問い合わせ、受け取ったファイルに差し替えて公開してください。",
    # why an end isn't known
    "expiry.no-mark": "マーク証明書が入っていません",
    "expiry.not-all-read": "ファイルに読み取れなかった部分があり、そこにも証明書が入っているかもしれません",
    "expiry.no-record": "アサーションレコードが公開されていません",
    "expiry.bad-record": "公開中のアサーションレコードは使えません",
    "expiry.no-address": "公開中のアサーションレコードに、証明書のアドレスがありません",
    "expiry.no-domain": "ドメイン名ではありません",
    "expiry.no-file": "ファイルを読み取れません",
    # the table
    "expiry.head-ends": "有効期限（UTC）",
    "expiry.head-left": "残り日数",
    "expiry.head-act": "対応を始める日",
    "expiry.head-what": "種類",
    "expiry.head-subject": "名前",
    "expiry.head-domains": "ドメイン",
    "expiry.head-source": "場所",
    "expiry.state-ended": "期限切れ",
    "expiry.state-soon": "期限間近",
    "expiry.none": "証明書がありません。",
    "expiry.summary": "証明書{count}件（{at}時点）：期限切れ{ended}件、期限間近{soon}件、確認できず{unknown}件",
    # the calendar
    "expiry.event": "{role}の期限：{subject}",
    "expiry.event-about": "{role}「{subject}」の有効期限は{until}です。{act}から対応を始めてください：{fix}",
    "expiry.event-domains": "ドメイン：{domains}",
    "expiry.event-sources": "場所：{sources}",
    "expiry.calendar": "BIMI証明書の期限",
}
