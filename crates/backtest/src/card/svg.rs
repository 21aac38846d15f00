//! Builds SVG drawings. Colours are CSS classes, so that a drawing is legible on light and dark
//! pages.

use std::fmt::{Display, Write};

/// Colours of background, text, lines and three models; blue, orange and grey are safe for
/// colour-blind readers.
const STYLE: &str = "\
.paper{fill:#ffffff}.ink{fill:#1f2933}.faint{fill:#5a6773}.axis{stroke:#9aa5b1;fill:none}.grid{stroke:#e1e6eb;fill:none}\
.a{stroke:#0b63b0;fill:#0b63b0}.b{stroke:#b4560c;fill:#b4560c}.c{stroke:#6b7784;fill:#6b7784}\
text{font:13px system-ui,sans-serif;stroke:none}.small{font-size:11px}.title{font-weight:600}\
@media (prefers-color-scheme:dark){.paper{fill:#161b22}.ink{fill:#e6edf3}.faint{fill:#9aa7b4}.axis{stroke:#5a6773}\
.grid{stroke:#2b333c}.a{stroke:#6cb6ff;fill:#6cb6ff}.b{stroke:#f0a45d;fill:#f0a45d}.c{stroke:#9aa7b4;fill:#9aa7b4}}\
line{stroke-width:1.5}.line{fill:none;stroke-width:2}";

/// The colour class of the n-th model.
pub(super) fn colour(index: usize) -> &'static str {
    ["a", "b", "c"][index.min(2)]
}

/// An SVG drawing under construction.
pub(super) struct Svg {
    text: String,
}

impl Svg {
    /// An empty drawing with a title for screen readers.
    pub(super) fn new(width: f64, height: f64, title: &str) -> Self {
        let mut text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
             role=\"img\">\n<title>{}</title>\n<style>{STYLE}</style>\n",
            escaped(title)
        );
        text.push_str(&format!("<rect class=\"paper\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>\n"));
        Self { text }
    }

    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string can't fail.
        let _ = self.text.write_fmt(element);
        self.text.push('\n');
    }

    pub(super) fn line(&mut self, class: &str, from: [f64; 2], to: [f64; 2]) {
        let [x1, y1, x2, y2] = [from[0], from[1], to[0], to[1]].map(Coordinate);
        self.add(format_args!("<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"));
    }

    /// A line through points; `dash` is an SVG dash pattern, empty for a solid line.
    pub(super) fn path(&mut self, class: &str, dash: &str, points: &[[f64; 2]]) {
        let points: Vec<String> =
            points.iter().map(|[x, y]| format!("{},{}", Coordinate(*x), Coordinate(*y))).collect();
        let dash = if dash.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dash}\"") };
        self.add(format_args!("<polyline class=\"{class} line\"{dash} points=\"{}\"/>", points.join(" ")));
    }

    pub(super) fn dot(&mut self, class: &str, at: [f64; 2], radius: f64) {
        let [x, y, radius] = [at[0], at[1], radius].map(Coordinate);
        self.add(format_args!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>"));
    }

    /// Words; `anchor` is `start`, `middle` or `end`.
    pub(super) fn label(&mut self, class: &str, anchor: &str, at: [f64; 2], text: &str) {
        let [x, y] = at.map(Coordinate);
        self.add(format_args!(
            "<text class=\"{class}\" text-anchor=\"{anchor}\" x=\"{x}\" y=\"{y}\">{}</text>",
            escaped(text)
        ));
    }

    /// The completed drawing.
    pub(super) fn finish(mut self) -> String {
        self.text.push_str("</svg>\n");
        self.text
    }
}

/// A coordinate, rounded to a tenth of a pixel.
struct Coordinate(f64);

impl Display for Coordinate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tenths = (self.0 * 10.0).round() / 10.0;
        // Avoids "-0".
        write!(f, "{}", if tenths == 0.0 { 0.0 } else { tenths })
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cannot_break_out_of_a_drawing() {
        let mut svg = Svg::new(10.0, 10.0, "a < b & \"c\"");
        svg.label("ink", "start", [1.0, -0.01], "</text><script>");
        let text = svg.finish();
        assert!(text.contains("<title>a &lt; b &amp; &quot;c&quot;</title>"));
        assert!(text.contains("x=\"1\" y=\"0\">&lt;/text&gt;&lt;script&gt;</text>"));
    }
}
