"""The words of docs/repair.md and docs/repair.ja.md; what stands in braces is filled in by tools/repair_page.py."""

# ruff: noqa: E501 - a paragraph, or a row of a table, is a line

from __future__ import annotations

CONSTRUCTS = {
    "en": """
| DOCTYPE, entities, comments, layers' names, editor data, RDF, scripts | Illustrator, Inkscape, Affinity | is left out; it draws nothing |
| style sheets, classes, `style="…"`, CSS variables, `@media` | Illustrator, hand-written, web icons | becomes plain attributes on each shape |
| `switch` with an alternative for Illustrator only | Illustrator | the SVG alternative stays |
| hidden layers and guides | all | go; they weren't seen |
| symbols, `use`, artboards within artboards | Sketch, Canva, Figma | become copies and groups in the same place |
| frames, clip paths, crops | Figma, Canva, Affinity | the shapes themselves are cut at the edge |
| masks that show all or nothing | Figma, Sketch | the same: cut at the edge |
| filters that show nothing | Figma | go |
| opacity of a shape or group | all | becomes opacity of fills and strokes; where shapes overlap, they are cut side by side |
| gradients with a transform, in percent, chained, repeating, elliptical | all | become plain gradients in coordinates, with more colour stops where they repeat |
| patterns of plain shapes | Illustrator, hand-written | are laid out as shapes, where the small sizes prove equal |
| a stroke under its fill (`paint-order`) | Inkscape, Figma | becomes two shapes |
| elliptical arcs | hand-written, icons | become curves of the same form |
| mm, pt, em, %, exponents | Inkscape, Canva | become plain numbers |
| colour names, `hsl()`, `#rrggbbaa`, `currentColor` | web icons | become `#rrggbb`, transparency as opacity |
| a canvas that isn't square | wordmarks | is extended evenly at both sides; nothing is moved or scaled (`--no-square` leaves it) |
| no `viewBox`, width of 100 %, no version, size under 96 px | all | the root is written as the profile asks |
| no title, or in the wrong place | all | first in the file; give the name with `--title` |
| over 32 KB | traced artwork | blanks go, then decimals that nobody can see |
| unused definitions, empty groups, ids that are no names | all | go, or are renamed everywhere |
""",
    "ja": """
| DOCTYPE、実体、コメント、レイヤー名、編集用データ、RDF、スクリプト | Illustrator、Inkscape、Affinity | 省きます。もともと何も描きません |
| スタイルシート、クラス、`style="…"`、CSS変数、`@media` | Illustrator、手書き、Web用アイコン | 図形ごとの通常の属性に書き換えます |
| Illustrator専用の代替を含む`switch` | Illustrator | SVG側だけを残します |
| 非表示のレイヤー、ガイド | すべて | 削除します。もともと見えません |
| シンボル、`use`、入れ子のアートボード | Sketch、Canva、Figma | 同じ位置の複製やグループにします |
| フレーム、クリッピングマスク、トリミング | Figma、Canva、Affinity | 図形そのものを境界で切り取ります |
| 見せるか隠すかだけのマスク | Figma、Sketch | 同じく、境界で切り取ります |
| 見た目に影響しないフィルター | Figma | 削除します |
| 図形やグループの不透明度 | すべて | 塗りと線の不透明度に移します。重なる図形は、重ならないように切り分けます |
| 変形、％、継承、繰り返し、楕円のグラデーション | すべて | 座標で表した通常のグラデーションにします。繰り返しは分岐点を増やして表します |
| 単純な図形のパターン | Illustrator、手書き | 小さいサイズでも同じに見えることを確かめたうえで、図形として並べます |
| 塗りの下の線（`paint-order`） | Inkscape、Figma | 2つの図形に分けます |
| 楕円弧 | 手書き、アイコン | 同じ形の曲線にします |
| mm、pt、em、％、指数表記 | Inkscape、Canva | 単位のない数値にします |
| 色名、`hsl()`、`#rrggbbaa`、`currentColor` | Web用アイコン | `#rrggbb`にし、透明度は不透明度の属性に分けます |
| 正方形でないキャンバス | 横長のロゴ | 両側に均等に広げます。アートワークは移動も拡大縮小もしません（`--no-square`で、そのままにします） |
| `viewBox`なし、幅100％、バージョンなし、96px未満 | すべて | ルート要素を仕様どおりに書き直します |
| タイトルがない、または位置が違う | すべて | ファイルの先頭に置きます。`--title`でブランド名を指定してください |
| 32KB超 | トレースしたアートワーク | 空白を省き、次に、目に見えない小数の桁を省きます |
| 使われていない定義、空のグループ、名前として正しくないid | すべて | 削除するか、参照も含めて名前を変えます |
""",
}

KINDS = {
    "en": {
        "animation": ("A logo stands still; what is seen before the animation begins needn't be its best moment.", "The animation goes; the logo shows its state before it starts."),
        "blend": ("Multiply, screen and the like, and one opacity over some overlapping shapes, depend on what lies below.", "Blend modes go; each shape gets the group's opacity by itself."),
        "crop": ("Only you know how much space belongs to the logo.", "The canvas becomes a square close around the drawing, with a small margin."),
        "filter": ("Shadows and blurs are made of pixels, and the profile has shapes only.", "They go."),
        "foreign": ("Embedded HTML is shown by browsers and by nothing else.", "It goes."),
        "image": ("A bitmap can't be turned into shapes exactly.", "It is traced, which gives something like it. Better find the vector artwork."),
        "marker": ("The profile has no arrow heads.", "They go."),
        "mask": ("A mask that fades has shades, which shapes can't show.", "It goes; what it hid or faded is seen in full."),
        "pattern": ("Some patterns can't be laid out exactly: they hold more than plain shapes, or look different at small sizes.", "Laid out although small sizes differ, or else replaced with the mean colour."),
        "simplify": ("Over 32 KB even without decimals that nobody sees.", "More decimals go; points may move by up to half a pixel of 512."),
        "text": ("The font isn't in the file, so that everybody sees another. Which font it was, only you know.", "With `--font FILE`: outlines of exactly these letters. Better convert to outlines in your editor."),
    },
    "ja": {
        "animation": ("ロゴは静止画に限られます。動き始める前の姿が、見せたい姿とは限りません。", "アニメーションを外し、動き始める前の姿にします。"),
        "blend": ("乗算やスクリーンなどの描画モードと、重なる図形にかけた不透明度の一部は、下にある色に左右されます。", "描画モードを外します。グループの不透明度は、図形ごとにかけ直します。"),
        "crop": ("ロゴの余白をどこまで取るかは、ロゴの持ち主にしか決められません。", "アートワークのすぐ外側を囲む正方形のキャンバスにします（わずかな余白付き）。"),
        "filter": ("影やぼかしはピクセルでできており、図形だけでは表せません。", "フィルターを外します。"),
        "foreign": ("埋め込まれたHTMLは、ブラウザー以外では表示されません。", "削除します。"),
        "image": ("ビットマップ画像は、正確には図形に変換できません。", "トレースします。似たものにしかならないため、できればベクターの元データをお使いください。"),
        "marker": ("仕様には矢印などのマーカーがありません。", "削除します。"),
        "mask": ("徐々に薄くなるマスクの濃淡は、図形だけでは表せません。", "マスクを外します。隠れていた部分や薄かった部分が、そのまま見えます。"),
        "pattern": ("正確に並べられないパターンがあります（単純な図形以外を含む、小さいサイズで見え方が変わるなど）。", "小さいサイズでの差を認めて図形として並べるか、平均の色に置き換えます。"),
        "simplify": ("目に見えない小数の桁を省いても、32KBを超えます。", "さらに桁を減らします。点は、512px表示で最大0.5px動くことがあります。"),
        "text": ("フォントはファイルに含まれず、見る環境ごとに別の書体になります。正しい書体は、ロゴの持ち主にしかわかりません。", "`--font FILE`で指定したフォントからアウトラインを作ります。できれば編集ソフトでアウトライン化してください。"),
    },
}  # fmt: skip

TEXT = {
    "en": """# Repairing a logo

`bimikit fix` takes the SVG file as your program exported it, and writes one that conforms to SVG Tiny PS, the profile that BIMI asks for. How the file is written changes; how the logo looks does not, and that is proven: both are drawn and compared. What can't be done without changing the picture is not done; it is told, with the reason. This page is written by `make docs`; [日本語](repair.ja.md).

## For designers

```console
$ bimikit fix logo.svg --title Minamo
{console}```

The original stays as it is. If the first line says “{repaired}”, look once at the new file and hand it on. If it doesn't, see [When it doesn't succeed](#when-it-doesnt-succeed). Several at once: `bimikit fix brand/ -o repaired/`. In that folder, a file named `….bimi.svg` conforms, and one named `….unfinished.svg` doesn't yet: don't publish it.

Without `--title`, a logo that has no title is given the words of its file's name, and is told to need the brand's name.

### Some logos, before and after

Left the file as exported, in the middle the repaired one, at the right the difference, four times as strong as it is: grey is none. Thin dotted lines are the softness of edges, which nobody sees. The words are bimikit's own.

{shown}
### What is repaired without asking

| in the file | often from | what becomes of it |
| --- | --- | --- |
{constructs}
A change that turns out to alter pixels in the proof is taken back, and told.

### What needs your consent

These change the picture, so you decide, kind by kind: `--allow filter,mask`. Whatever you allow, every other change must still keep the picture.

| `--allow` | why it can't be exact | what is done |
| --- | --- | --- |
{kinds}
A background (`--background '#ffffff'`) changes the picture as well. A logo of one colour needs it, since the profile asks for two colours at least, and a transparent logo looks different in every inbox.

### How it is proven

The file before and the file after are drawn at {sizes} pixels, each on white and on black, and compared pixel by pixel. They count as the same if

- in no square of 16 × 16 pixels the colour differs by more than **{block:g} %** on average, and
- over the whole picture it differs by no more than **{mean:g} %** on average.

100 % is from black to white. Measured on 400 logos: moved by a twentieth of a pixel of 256, which nobody sees, 99 in 100 differ by no more than 3.2 % and 0.44 %. Moved by one pixel, half of them differ by 10 % and 1.3 % or more; without one of their shapes, by 75 % and 7 %. `--picture compare.png` writes what you see above.

### What it can't prove

- **Other programs.** It is drawn by one renderer, resvg. Where a value means one thing to resvg and another to browsers (CSS variables, for instance), the repair follows browsers, and says that the proof is missing.
- **Text and bitmaps.** The proof draws neither. Both stay as they are unless you allow a change. A bitmap breaks the profile; text looks different wherever your font is missing.
- **Details smaller than a pixel of {largest}.** No inbox shows them.
- **What you allowed.** How far the picture changed is measured and told; whether it is still your logo, only you can say.
- **Whether it looks good.** `bimikit preview` draws the logo as inboxes show it, round and square, on light and dark:

![The logo at seven sizes, in a circle, a rounded square and a square, on light and dark](pictures/{sheet}.png)

### When it doesn't succeed

| it says | what to do |
| --- | --- |
| {not_yet} | Read “{declined}”. Change it in your editor and export again, or allow the kind that is named. What remains is listed below it, with what to do. |
| {unproven} | The file conforms, but the pictures could not be compared. Open both in a browser; if they look the same, use the new one. |
| {refused} | The file can't be read to its end. Export it again. |
| one colour only (`svg.one-colour`) | `--background '#ffffff'`, or a colour of your brand. |
| the title is a placeholder | `--title 'Your brand'`. |
| still over 32 KB | Simplify the paths in your editor (Illustrator: Object › Path › Simplify), or allow `simplify`. |

## For engineers

The extra `repair` ([how to install one](index.md#start)) brings what drawing and geometry need; without it `repair_svg` raises `BimikitError`, and the rest of bimikit works. No network, and nothing is read but what you give.

```python
{example}```

prints

```text
{output}```

`repair_svg` never raises for what is in the file. `repair.svg` is always the best that could be made, `None` only for what can't be read; whether to use it is what `repair.ok` says: it conforms, and the picture is proven to be the same, but for what was allowed. What conforms already comes back byte for byte. Repairing a repaired file changes nothing. The file is hostile until proven otherwise: size, depth, time and memory are bounded, and the renderer is a process of its own without access to files or network.

A portal asks before it allows:

```python
{consent}```

prints

```text
{consent_output}```

| member | meaning |
| --- | --- |
| `ok`, `changed`, `proven`, `visible` | conformant and proven; anything done; pictures the same (or compared, if `visible`); a change was made that was allowed |
| `changes`, `undone`, `declined` | tuples of `Change`: `what` (stable, for programs), `text(lang)`, `applicability` (`safe`, `visible`), `locations` in the file that was given, `count`, and for a declined one `needs`: the kind for `allow=` |
| `difference` | `block`, `mean`, `maximum` in percent, `same`, and `measured` for each size and ground; `None` if not compared |
| `unproven` | why not, as a key; empty if compared |
| `picture`, `drawn` | the sheet above as PNG; the two pictures as Pillow images |
| `before`, `report`, `remaining` | reports on both files; what is left to do |
| `to_dict(lang)`, `to_json(lang)` | all of it; of the file itself size and SHA-256 |

`bimikit fix FILE… --format json` prints `to_json`: `{{"schema_version": 1, "kind": "repair", "ok": …, "changes": […], "declined": […], "difference": {{…}}, "report": {{…}}}}`; several files come as `{{"schema_version": 1, "repairs": […]}}`. The JSON Schema of both is `bimikit.repair_schema()`. With `-o -` the file goes to standard output and the account to standard error; `--diff` shows the changes to the text and writes no file.

| exit status | meaning |
| --- | --- |
| 0 | it conforms now, and the picture is proven to be the same (or changed as allowed) |
| 1 | it doesn't conform yet |
| 2 | could not run: usage, unreadable file |
| 3 | it conforms, but the pictures could not be compared |

Over several files: 2 before 1 before 3 before 0. A pipe that is closed before its end (`| head`) ends the program with 141.
""",
    "ja": """# ロゴの修復

`bimikit fix`は、編集ソフトから書き出したSVGファイルを、BIMIが求めるSVG Tiny PSに適合するファイルに書き直します。変わるのはファイルの書き方だけで、ロゴの見た目は変わりません。修復の前後を実際に描画して比べ、同じであることを確かめます。見た目を変えずには直せないものは直さず、理由をお知らせします。このページは`make docs`で生成しています。[English](repair.md)

## デザイナーの方へ

```console
$ bimikit fix logo.svg --title Minamo
{console}```

元のファイルはそのまま残ります。1行目が「{repaired}」なら、念のため新しいファイルを目で確認してから、お使いください。それ以外の場合は、[うまくいかないとき](#うまくいかないとき)をご覧ください。まとめて修復するには：`bimikit fix brand/ -o repaired/`。そのフォルダーでは、適合したファイルの名前は`….bimi.svg`、まだ適合していないファイルの名前は`….unfinished.svg`になります。後者は公開しないでください。

`--title`を付けない場合、タイトルのないロゴには、ファイル名の言葉を仮のタイトルとして付け、ブランド名が必要であることを知らせます。

### 修復前と修復後

左が書き出したままのファイル、中央が修復後、右が両者の差を4倍に強めたものです。灰色は差がないことを表します。細い点線は輪郭のぼかし方の違いで、目には見えません。変更内容は、bimikitが表示する文面のままです。

{shown}
### 確認なしで修復するもの

| ファイルの中身 | よくある書き出し元 | 修復の内容 |
| --- | --- | --- |
{constructs}
比較の結果、見た目が変わるとわかった変更は取り消し、その旨をお知らせします。

### 許可が必要なもの

次のものは見た目が変わるため、種類ごとに許可してください（例：`--allow filter,mask`）。どれを許可しても、ほかの変更では見た目を保ちます。

| `--allow` | 正確に直せない理由 | 許可した場合の処理 |
| --- | --- | --- |
{kinds}
背景を敷くこと（`--background '#ffffff'`）でも見た目は変わります。仕様では2色以上が求められるため、1色のロゴには背景が必要です。また、背景が透明なロゴは、メールソフトによって見え方が変わります。

### 見た目が同じであることの確認方法

修復の前後のファイルを{sizes}ピクセルで、それぞれ白と黒の背景に描画し、1ピクセルずつ比べます。次の両方を満たすとき、同じとみなします。

- 16×16ピクセルのどの区画でも、色の差の平均が**{block:g}％**以下
- 画像全体で、色の差の平均が**{mean:g}％**以下

黒と白の差を100％とします。400個のロゴで測ったところ、256ピクセル表示で0.05ピクセルずらしたとき（目には見えません）の差は、100個中99個で3.2％と0.44％以下でした。1ピクセルずらすと、半数で10％と1.3％以上、図形を1つ除くと、半数で75％と7％以上になります。`--picture compare.png`を付けると、上のような比較画像を書き出します。

### 確認できないこと

- **ほかのソフトでの見え方**：描画に使うのはresvgだけです。CSS変数のように、resvgとブラウザーで解釈が異なる値は、ブラウザーに合わせて修復し、見た目を確認できていないことをお知らせします。
- **テキストとビットマップ画像**：比較では描画しません。許可がない限り、そのまま残ります。ビットマップ画像は仕様に反します。テキストは、フォントがない環境では別の書体で表示されます。
- **{largest}ピクセルの表示で1ピクセルに満たない細部**：どのメールソフトでも見えません。
- **許可された変更**：どれだけ変わったかは数値でお知らせします。ロゴとして認められるかどうかは、ご自身の目でご判断ください。
- **見栄え**：`bimikit preview`で、メールソフトでの見え方（円形・角丸・正方形、明るい背景・暗い背景）を確かめられます。

![ロゴを7つのサイズで、円形・角丸・正方形に切り抜き、明るい背景と暗い背景に並べた一覧](pictures/{sheet}.png)

### うまくいかないとき

| 表示 | 対処 |
| --- | --- |
| {not_yet} | 「{declined}」をお読みください。編集ソフトで直して書き出し直すか、示された種類の変更を許可します。残る問題と対処は、その下に表示されます。 |
| {unproven} | ファイルは適合していますが、見た目を比べられませんでした。両方をブラウザーで開き、同じに見えれば、新しいファイルをお使いください。 |
| {refused} | ファイルを最後まで読み取れません。書き出し直してください。 |
| 1色しか使われていない（`svg.one-colour`） | `--background '#ffffff'`のように背景を敷くか、ブランドカラーを指定します。 |
| タイトルが仮のもの | `--title 'ブランド名'`を付けます。 |
| 32KBを超えたまま | 編集ソフトでパスを単純にする（Illustrator：「オブジェクト」→「パス」→「単純化」）か、`simplify`を許可します。 |

## エンジニアの方へ

エクストラ`repair`（[インストール方法](index.ja.md#はじめに)）で、描画と図形計算に必要なパッケージが入ります。入っていない場合、`repair_svg`は`BimikitError`を送出します（bimikitのほかの機能は使えます）。通信は行わず、渡されたもの以外は読み取りません。

```python
{example}```

出力：

```text
{output}```

ファイルの内容が原因で`repair_svg`が例外を送出することはありません。`repair.svg`には、その時点で最善のファイルが入ります（読み取れない場合だけ`None`）。使ってよいかどうかは`repair.ok`で判断します。`ok`は、ファイルが適合し、許可された変更を除いて見た目が同じと確認できたことを表します。すでに適合しているファイルは、1バイトも変えずに返します。修復済みのファイルをもう一度修復しても、何も変わりません。ファイルは信頼できないものとして扱い、サイズ、深さ、時間、メモリを制限しています。描画は、ファイルにもネットワークにもアクセスできない別プロセスで行います。

許可を求めてから修復する例：

```python
{consent}```

出力：

```text
{consent_output}```

| メンバー | 意味 |
| --- | --- |
| `ok`、`changed`、`proven`、`visible` | 適合し確認済み／変更があった／見た目が同じ（`visible`の場合は比較済み）／許可された変更を行った |
| `changes`、`undone`、`declined` | `Change`のタプル。`what`（プログラム用の不変の名前）、`text(lang)`、`applicability`（`safe`、`visible`）、元のファイルでの位置`locations`、`count`。変更しなかったものには、`allow=`に渡す種類`needs` |
| `difference` | `block`、`mean`、`maximum`（％）、`same`、サイズと背景ごとの`measured`。比較していなければ`None` |
| `unproven` | 比較できなかった理由のキー。比較できた場合は空 |
| `picture`、`drawn` | 上のような比較画像（PNG）／描画した2枚の画像（Pillow） |
| `before`、`report`、`remaining` | 修復前後のレポート／残る問題 |
| `to_dict(lang)`、`to_json(lang)` | 以上のすべて。ファイル自体はサイズとSHA-256だけ |

`bimikit fix FILE… --format json`は`to_json`の内容を出力します：`{{"schema_version": 1, "kind": "repair", "ok": …, "changes": […], "declined": […], "difference": {{…}}, "report": {{…}}}}`。複数のファイルでは`{{"schema_version": 1, "repairs": […]}}`となります。どちらのJSON Schemaも`bimikit.repair_schema()`で得られます。`-o -`を付けると、ファイルは標準出力に、説明は標準エラー出力に出ます。`--diff`を付けると、テキストの変更箇所を表示し、ファイルは書き出しません。

| 終了コード | 意味 |
| --- | --- |
| 0 | 適合し、見た目が同じ（または許可されたとおりに変わった）と確認できた |
| 1 | まだ適合していない |
| 2 | 実行できなかった（使い方の誤り、読み取れないファイル） |
| 3 | 適合したが、見た目を比較できなかった |

複数のファイルでは、2、1、3、0の順に優先します。出力先のパイプが途中で閉じられた場合（`| head`など）は141です。
""",
}
