"""Words and labels in Japanese."""

from __future__ import annotations

from .cert_terms import TERMS as CERT_TERMS
from .dns_terms import TERMS as DNS_TERMS
from .expiry_terms import TERMS as EXPIRY_TERMS
from .labels import LABELS
from .sending_terms import TERMS as SENDING_TERMS
from .verify_terms import TERMS as VERIFY_TERMS
from .web_terms import TERMS as WEB_TERMS

TERMS: dict[str, str] = {
    **LABELS,
    # what a file turns out to be
    "kind.png": "PNG画像",
    "kind.jpeg": "JPEG写真",
    "kind.gif": "GIF画像",
    "kind.webp": "WebP画像",
    "kind.bmp": "BMP画像",
    "kind.tiff": "TIFF画像",
    "kind.ico": "Windowsアイコン",
    "kind.heif": "HEICまたはAVIF写真",
    "kind.psd": "Photoshopファイル",
    "kind.pdf": "PDFまたはIllustratorファイル（.ai）",
    "kind.eps": "EPSまたはPostScriptファイル",
    "kind.zip": "ZIPアーカイブ（またはOffice、Sketch、Affinityのファイル）",
    "kind.pem": "PEM形式の証明書または鍵",
    "kind.rtf": "ワープロのRTF文書",
    "kind.data-url": "ファイルではなくdata:URL",
    "kind.base64-png": "Base64の文字列になったPNG画像",
    "kind.base64-svg": "Base64の文字列になったSVG（先にデコードが必要です）",
    "kind.xz": "xzアーカイブ（使えるのはgzipだけです）",
    "kind.bzip2": "bzip2アーカイブ（使えるのはgzipだけです）",
    "kind.zstd": "Zstandardアーカイブ（使えるのはgzipだけです）",
    "kind.gzip-twice": "gzipで2回圧縮されたSVG",
    "kind.html": "Webページ（HTML。ロゴの代わりにエラーページを保存した可能性があります）",
    "kind.json": "JSONデータ",
    "kind.text": "ただのテキスト",
    "kind.xml": "SVGではないXML（いちばん外側の要素が<svg>ではありません）",
    # why a file can't be read
    "gzip.truncated": "末尾が欠けています",
    "encoding.cp932": "実際の文字コードはShift_JISのようです。",
    "encoding.euc_jp": "実際の文字コードはEUC-JPのようです。",
    "encoding.iso2022_jp": "実際の文字コードはISO-2022-JP（JIS）のようです。",
    "encoding.cp1252": "実際の文字コードはWindows-1252（西ヨーロッパ言語用）のようです。",
    "encoding.unknown": "実際の文字コードは判別できません。",
    "xml.syntax": "XMLの先頭として正しくありません",
    "xml.no-element": "要素が1つもありません",
    "xml.unclosed-element": "要素が閉じられないままファイルが終わっています（末尾が欠けている可能性があります）",
    "xml.invalid-token": "ここに置けない文字があります（引用符、<、>の書き忘れかもしれません）",
    "xml.bare-ampersand": "「&」が単独で書かれています（&amp;と書く必要があります）",
    "xml.unclosed-token": "タグまたはコメントの途中でファイルが終わっています（末尾が欠けている可能性があります）",
    "xml.partial-character": "文字の途中でファイルが終わっています",
    "xml.tag-mismatch": "この終了タグが、直前に開いたタグと対応していません",
    "xml.duplicate-attribute": "1つのタグに同じ属性が2回書かれています",
    "xml.junk-after": "終了タグ</svg>の後に余分なものがあります",
    "xml.misplaced-declaration": "<?xml …?>の行は、前に空白も置かず、ファイルのいちばん先頭に書く必要があります",
    "xml.unclosed-cdata": "CDATAセクションが閉じられていません",
    # why a value can't be read
    "value.number-expected": "ここには数値が必要です",
    "value.odd-number": "座標の個数が奇数で、最後のxに対応するyがありません",
    "value.comma-last": "コンマで終わっています",
    "value.too-large": "数値が大きすぎます",
    "value.transform": "ここに書けるのはmatrix()、translate()、scale()、rotate()、skewX()、skewY()だけです",
    "value.transform-unknown": "このような変形はありません",
    "value.transform-arguments": "かっこの中の値の個数が正しくありません",
    "path.command": "パスのコマンドではありません",
    "path.no-move": "パスはMかmで始めなければなりません",
    "path.number-expected": "ここには数値が必要です",
    "path.arc-flag": "円弧のフラグは0か1でなければなりません",
    "path.ends-early": "末尾の数値が足りません",
    "path.too-large": "数値が大きすぎます",
    "title.elsewhere": "ファイルの別の場所にはありますが、そこではタイトルとして扱われません。",
    # Mark Certificates
    **CERT_TERMS,
    # DNS records, what is hosted
    **DNS_TERMS,
    **WEB_TERMS,
    # what is published against what was planned, and when certificates end
    **VERIFY_TERMS,
    **EXPIRY_TERMS,
    **SENDING_TERMS,
    # why a logo could not be drawn, or two drawings not be compared
    "unproven.crashed": "描画プログラムが異常終了しました",
    "unproven.in-part": "比較の際に描画されないテキストまたは画像が含まれているため",
    "unproven.misread": "比較に使う描画プログラムが元ファイルの一部の値をブラウザーと違う形で解釈するため（修復はブラウザーに合わせています）",
    "unproven.no-size": "キャンバスの面積がありません。viewBox、width、heightを確認してください",
    "unproven.not-svg": "SVGファイルではないか、bimikitの上限内で最後まで読み取れません",
    "unproven.too-deep": "要素の入れ子が深すぎます",
    "unproven.too-large": "描画に必要なメモリーが多すぎます",
    "unproven.too-many-elements": "参照をたどると描画する要素が多すぎます",
    "unproven.too-slow": "描画に時間がかかりすぎます",
    "unproven.unreadable": "描画プログラムが読み取れません",
}
