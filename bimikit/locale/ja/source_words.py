"""Sending sources, in Japanese: what they are, and why they are taken for it."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # what they are
    "guess.legitimate": "自社の送信",
    "guess.forwarder": "転送",
    "guess.unknown": "不明",
    "guess.spoof": "なりすまし",
    "set-up.yes": "DMARCに合格",
    "set-up.partly": "一部がDMARCに合格",
    "set-up.no": "DMARCに不合格",
    # their names; a known sender has one of its own
    "by.own": "{name}（自社ドメイン）",
    "by.domain": "{name}",
    "by.ptr": "{name}のサーバー",
    "by.network": "ネットワーク{name}",
    "by.scattered": "分散した多数のアドレス",
    # where a name stood
    "mark.dkim": "DKIM署名",
    "mark.spf": "エンベロープの差出人（SPF）",
    "mark.ptr": "IPアドレスの逆引き名",
    # why
    "evidence.known": "{mark}にある{known}から、{sender}と分かります。",
    "evidence.unconfirmed": "{known}が{sender}のものであることは、公開資料では確認できていません。判断に使う前に確認してください。",
    "evidence.kind-forwarder": "{sender}は、利用者宛てのメールを転送するサービスです。",
    "evidence.open-to-all": "{sender}を示すのはIPアドレスの逆引き名だけです。そこからは誰でも送信できるため、これだけでは自社の送信とはいえません。",
    "evidence.reported-forwarded": "{count:,}通のうち{forwarded:,}通は、転送またはメーリングリスト経由であると、レポートの送信元が報告しています。",
    "evidence.authorised": "{count:,}通のうち{aligned:,}通が、自社ドメインとして認証に合格しています（SPF {spf:,}通、DKIM {dkim:,}通）。",
    "evidence.own": "サーバーまたは署名が自社のドメインのもので、{name}自身として送信しています。",
    "evidence.signed-only": "{count:,}通のうち{only:,}通には自社の有効なDKIM署名がありますが、自社ドメインとしてのSPFには合格していません。自社が署名し、別の者が届けたメールです。",
    "evidence.large": "全体の{percent}%を占めており、転送にしては多すぎます。SPFレコードに登録していない、自社のサーバーやサービスと考えられます。",
    "evidence.few-each": "{count:,}通が、{networks:,}のネットワークの{addresses:,}のアドレスから数通ずつ届き、どれも認証に合格していません。通常の送信ではなく、なりすましに見られる送り方です。",
    "evidence.small": "{count:,}通では少なすぎて判断できません。",
    "evidence.foreign": "{name}としてDKIMまたはSPFに合格していますが、既知のサービスではありません。このドメインのサービスを利用していないか、社内で確認してください。",
    "evidence.nothing": "送信者を示す手がかりがありません。なりすましとして扱う前に、そこに自社のサーバーがないか確認してください。",
    "evidence.not-aligned": "{count:,}通のすべてがDMARCに不合格です。",
    "evidence.partly-aligned": "{count:,}通のうち{aligned:,}通がDMARCに合格しています。",
    "evidence.volume": "{count:,}通（全体の{percent}%）、アドレス数{addresses:,}、ネットワーク数{networks:,}、{days:,}日間。",
}
