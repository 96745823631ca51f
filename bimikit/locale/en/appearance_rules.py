"""The texts of the rules on how a logo looks, in English."""

from __future__ import annotations

from .. import Text

RULES: dict[str, Text] = {
    "appearance.nothing-drawn": Text(
        "An empty picture",
        "Drawn, the logo is empty: nothing on the canvas can be seen.",
        "A logo must show at least two colours when it is drawn. This one shows none; shapes may lie outside the viewBox, have no fill, or be fully transparent.",
        "Open the file in a browser. If it is empty there too, select all in your editor, fit the artboard to the artwork, check that shapes have a fill or stroke with full opacity, and export again.",
    ),
    "appearance.one-colour": Text(
        "Only one colour is seen",
        "Drawn, the logo shows one colour only, {colour}.",
        "SVG Tiny PS demands at least two colours when the logo is drawn. What is transparent is no colour: it shows whatever the inbox has there. Half-tones along edges don't count either; tints and gradients do.",
        "Put a square of another colour behind everything, as large as the artboard, or give part of the logo another colour.",
    ),
    "appearance.transparent-background": Text(
        "Transparent background",
        "{share} % of the canvas is transparent, so that the inbox's own colour shows through.",
        "Each inbox puts another colour behind it: white, grey, or nearly black in dark mode. Gmail's page on BIMI logos asks for a solid background and so does the BIMI Group; SVG Tiny PS doesn't demand one.",
        "Draw a square in your background colour behind everything, as large as the artboard and without rounded corners: mailbox providers round the corners themselves.",
    ),
    "appearance.low-contrast-light": Text(
        "Vanishes on a white inbox",
        "On a white inbox ({ground}), {share} % of the logo's outline has a contrast below {least} to 1; half of it has no more than {contrast} to 1.",
        "The background is transparent, so the logo stands on the inbox's white, and its shape is hardly seen there. As a measure: for graphics that must be understood WCAG 2.1 (1.4.11) asks for 3 to 1, and most logos have it. This threshold is lower, and bimikit's own.",
        "Put a solid background behind the logo, in a colour on which it stands out.",
    ),
    "appearance.low-contrast-dark": Text(
        "Vanishes in dark mode",
        "In dark mode (on {ground}), {share} % of the logo's outline has a contrast below {least} to 1; half of it has no more than {contrast} to 1.",
        "The background is transparent, so the logo stands on the inbox's near-black in dark mode, and black or navy shapes vanish there. As a measure: for graphics that must be understood WCAG 2.1 (1.4.11) asks for 3 to 1. This threshold is lower, and bimikit's own.",
        "Put a solid background behind the logo, white for instance. Then it looks the same in light and dark mode.",
    ),
    "appearance.low-contrast": Text(
        "Hardly stands out from its background",
        "Three quarters of the logo have a contrast of no more than {contrast} to 1 with its own background {background}; it should be {least} to 1 at least.",
        "In an avatar a few millimetres wide such tones run together, all the more on a dimmed screen or for eyes that see little contrast. The threshold is bimikit's own, and low: WCAG 2.1 (1.4.11) asks for 3 to 1 where a graphic must be understood, and exempts logos.",
        "Make the background clearly lighter or darker than the logo, or use the logo's version for such backgrounds (white on the brand's colour, for instance).",
    ),
    "appearance.outside-circle": Text(
        "A round avatar cuts the logo",
        "{share} % of the logo's area lie outside the circle that a round avatar shows.",
        "Gmail, Apple Mail and others show the logo in a circle that touches the sides of the square, and what is in the corners is lost. A background of one colour doesn't count here. Where the drawing is meant to run off the edge, this can stay.",
        "Make the logo smaller on the same artboard until all of it lies in the circle. For a square logo that is 70 % of the artboard's width, for a wide one a little more.",
    ),
    "appearance.near-circle-edge": Text(
        "Close to the edge of a round avatar",
        "Between the logo and the edge of a round avatar {margin} % of the width are free; {least} % should be.",
        "With less than a pixel around it at 32 pixels, the logo seems cut off. The threshold is bimikit's own: one pixel of 32.",
        "Make the logo a little smaller on the same artboard.",
    ),
    "appearance.too-small": Text(
        "The logo is small on its canvas",
        "The logo's longer side takes up {size} % of the canvas; it should be {least} % or more.",
        "In an avatar of 32 pixels the logo is then smaller than 16, and hard to recognise. The threshold is bimikit's own; a background of one colour doesn't count as part of the logo.",
        "Enlarge the logo on the same artboard, to about two thirds of its width; all of it must still lie in the circle that touches the artboard's sides.",
    ),
    "appearance.not-centred": Text(
        "Not in the middle",
        "The logo's middle is off the canvas's by {across} % of the width (plus is to the right) and {down} % of the height (plus is downwards); up to {most} % can't be seen.",
        "In a small circle an uneven margin is noticed at once, and one side comes close to the edge. Measured are the middle of the outline and that of the area; the smaller deviation counts, so that a logo centred by eye is left alone. The threshold is bimikit's own.",
        "Select everything but the background, group it, and align it to the middle of the artboard both ways.",
    ),
    "appearance.details-vanish": Text(
        "Details are lost in a small avatar",
        "At {size} × {size} pixels, {share} % of what is drawn can't be made out any more.",
        "Lists of mail show logos at 24 to 40 pixels. Lines thinner than one pixel turn into a pale shade there, and lettering into a grey bar. Counted is every place of the logo whose tones have less than 70 % of their difference left in the small picture. At most half may be lost; the threshold is bimikit's own.",
        "Use a simpler version for the avatar: the symbol without the name, or one or two letters. Make lines thicker than one thirtieth of the artboard, and leave out small lettering.",
    ),
    "appearance.not-drawable": Text(
        "Can't be drawn",
        "The logo could not be drawn, so its looks are unknown: {reason}.",
        "What can't be drawn here may not be drawn in an inbox either.",
        "Check the file against SVG Tiny PS, put right what is found, and look at the picture again.",
    ),
    "appearance.drawn-in-part": Text(
        "Something in it isn't drawn here",
        "The file has {elements}. How that looks depends on fonts or embedded pictures, so the picture was not judged.",
        "In an inbox text falls back to another font or is missing, and SVG Tiny PS does not allow embedded pictures at all.",
        "Turn text into outlines (Illustrator: Type › Create Outlines; Inkscape: Path › Object to Path; Figma: Flatten), redraw embedded pictures as shapes, and check again.",
    ),
}
