"""A scan of many domains, in Japanese."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "title": "多数のドメインのDMARCとBIMI",
    # what a domain comes to
    "state.ready": "レコードは完備",
    "state.barred": "DMARCが不十分",
    "state.no-record": "BIMIレコードなし",
    "state.broken-record": "BIMIレコードに誤り",
    "state.declined": "表示を辞退",
    "state.undecided": "確認できず",
    "state.no-domain": "ドメイン名ではない",
    "about.ready": "DMARCは十分で、BIMIレコードもあります。ロゴが表示されるかどうかは、レコードが示すファイルと各メールサービスによって決まります。",
    "about.barred": "DMARCがない、誤っている、または十分に厳しくないため、ロゴは表示されません。",
    "about.no-record": "DMARCは十分です。足りないのはBIMIレコードです。",
    "about.broken-record": "DMARCは十分ですが、BIMIレコードが使えません。",
    "about.declined": "BIMIレコードで、ロゴの表示を辞退しています。",
    "about.undecided": "ネームサーバーが応答しませんでした。合格でも不合格でもありません。時間をおいて、もう一度確認してください。",
    "about.no-domain": "入力された文字列はドメイン名ではありません。",
    # why
    "policy": "p={policy}",
    "policy-applied": "p={policy}（{applied}として適用）",
    "policy-from": "{policy}（{domain}のレコード）",
    "readings": "RFC 9989では{new}、RFC 7489では{old}",
    "no-dmarc": "DMARCなし",
    "no-certificate": "証明書の指定なし",
    "at": "レコードは{name}",
    "unanswered": "応答なし：{names}",
    "hosted.pass": "ファイル：問題なし",
    "hosted.fail": "ファイル：{rules}",
    "hosted.indeterminate": "ファイル：一部を確認できず（{rules}）",
    "sending": "SPFとDKIM：{rules}",
    # the whole
    "done": "ドメイン数：{count:,}",
    "shown": "{count:,}件のうち最初の{shown:,}件です。すべての結果は、JSON Lines、CSV、SQLiteのファイルで出力できます。",
    "head.domain": "ドメイン",
    "head.state": "結果",
    "head.count": "件数",
    "head.share": "割合",
    "head.policy": "ポリシー",
    "head.why": "理由",
    "progress": "{done:,}件完了、毎秒{rate:,}件",
    "progress.unknown": "、確認できず{count:,}件",
    "progress.left": "、残り約{left}",
}
