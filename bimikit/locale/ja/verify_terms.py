"""Words that only the comparison of what is published with what was planned uses, in Japanese."""

from __future__ import annotations

TERMS: dict[str, str] = {
    "verify.kind-dmarc": "DMARCレコード",
    "verify.kind-record": "アサーションレコード",
    # how a hosted logo differs
    "verify.logo-packed": "圧縮のしかただけが異なる、同じロゴです",
    "verify.logo-line-ends": "改行コードだけが異なります",
    "verify.logo-cut": "ファイルの終わりが欠けています",
    "verify.logo-unreadable": "SVGとして読み取れません",
    "verify.logo-markup": "書き方だけが異なる、同じ絵です",
    "verify.logo-other": "別の絵です",
    # how a hosted certificate differs
    "verify.certificate-cut": "ファイルの終わりが欠けています",
    "verify.certificate-damaged": "壊れていて、読み取れない証明書があります",
    "verify.certificate-none": "マーク証明書が入っていません",
    "verify.certificate-none-planned": "計画したファイルのほうに、マーク証明書が入っていません",
    "verify.certificate-written": "同じ証明書ですが、書き方（改行コード、間の文字）が異なります",
    "verify.certificate-order": "同じ証明書が、別の順序で入っています",
    "verify.certificate-chain": "マーク証明書は同じですが、チェーンが異なります",
    "verify.certificate-expired": "別のマーク証明書で、期限が切れています",
    "verify.certificate-older": "計画より前に発行された、別のマーク証明書です",
    "verify.certificate-newer": "計画より後に発行された、別のマーク証明書です",
    "verify.certificate-other": "別のマーク証明書です",
    # at a glance
    "verify.title": "公開中のものと計画の比較",
    "verify.indicator": "ロゴ（l=）",
    "verify.certificate": "証明書（a=）",
    "verify.dmarc": "DMARCレコード",
    "verify.record": "アサーションレコード",
    "verify.same": "同じです",
    "verify.differs": "異なります",
    "verify.unknown": "確認できませんでした",
    "verify.missing": "取得できません",
    "verify.absent": "公開されていません",
    "verify.unexpected": "計画にないものが公開されています",
    "verify.published": "公開中：{what}",
    "verify.planned": "計画：{what}",
    "verify.unplanned": "計画にないため、比べていません",
    "verify.none": "計画にも公開中のものにもありません",
    "verify.bytes": "{count}バイト",
}
