//! The only place that talks to ECharts: a chart on an element, from its making to its disposal.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::week_span::WeekSpan;
use js_sys::{Array, Function, JSON, Object, Reflect};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::IsoWeek;
use serde_json::Value;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};

use super::loader::echarts;
use super::marks::name_fits;
use super::palette::Palette;
use super::picture::{Draw, Picture, spoken};
use super::redraw::changes;
use super::timeline;
use super::window_scale::WindowScale;
use crate::chrome::Appearance;
use crate::words::{Words, use_words};

/// What buttons and keys ask of a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Command {
    ZoomIn,
    ZoomOut,
    ShowAll,
    /// Weeks to walk on, with the tooltip.
    Step(i32),
    /// Weeks to mark, between two places of the chart, px from its left.
    Mark {
        from_px: f64,
        to_px: f64,
    },
}

/// What is asked of a chart, and what takes the weeks that are marked in it.
#[derive(Clone, Copy)]
pub(super) struct Commands {
    pub(super) command: RwSignal<Option<Command>>,
    pub(super) on_brush: Option<Callback<WeekSpan>>,
}

/// Draws on the frame as soon as it and ECharts are there, again when light and dark change, and disposes of
/// everything when the component goes. Nothing of it happens on the server: effects do not run there.
pub(super) fn attach(
    frame: NodeRef<Div>,
    draw: Draw,
    appearance: Option<Appearance>,
    commands: Commands,
    failed: RwSignal<bool>,
    announced: RwSignal<String>,
    drawn: RwSignal<bool>,
) {
    let words = use_words();
    Effect::new(move |_| {
        let Some(element) = frame.get() else { return };
        let handle = StoredValue::new_local(None::<Handle>);
        let ready = RwSignal::new(false);
        spawn_local(async move {
            // The component may have gone while the script was loading.
            match echarts().await.and_then(|echarts| Handle::new(&echarts, &element, words)) {
                Ok(chart) => {
                    if handle.try_set_value(Some(chart)).is_none() {
                        ready.try_set(true);
                    }
                }
                Err(_) => drop(failed.try_set(true)),
            }
        });
        let draw = Draw::clone(&draw);
        Effect::new(move |_| {
            let palette = read_palette(appearance.is_some_and(Appearance::is_dark));
            if let Some(picture) = ready.get().then(|| draw(&palette)).flatten() {
                handle.update_value(|handle| handle.iter_mut().for_each(|handle| handle.set(&picture)));
                drawn.set(true);
            }
        });
        Effect::new(move |_| {
            let Commands { command, on_brush } = commands;
            if let (Some(Command::Mark { from_px, to_px }), Some(on_brush)) = (command.get(), on_brush) {
                let weeks = handle.try_with_value(|handle| handle.as_ref()?.weeks_between(from_px, to_px));
                weeks.flatten().into_iter().for_each(|weeks| on_brush.run(weeks));
            } else if let Some(command) = command.get() {
                let week =
                    handle.try_update_value(|handle| handle.as_mut().and_then(|handle| handle.obey(command)));
                week.flatten().into_iter().for_each(|week| announced.set(week));
            }
        });
    });
}

fn read_palette(dark: bool) -> Palette {
    let root = document().document_element();
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    Palette::read(dark, |name| {
        style.as_ref().and_then(|style| style.get_property_value(name).ok()).unwrap_or_default()
    })
}

type Formatter = Closure<dyn Fn(JsValue) -> String>;

/// What the chart may call; charming builds such functions from text, which the content security policy forbids.
struct Formatters {
    tooltip: Formatter,
    figure: Formatter,
    zone: Formatter,
}

/// A chart of ECharts. It is disposed of with this.
struct Handle {
    chart: JsValue,
    /// Kept for as long as the chart may call them.
    formatters: Formatters,
    words: &'static Words,
    observer: Option<(web_sys::ResizeObserver, Closure<dyn Fn()>)>,
    /// The week that the keyboard has walked to.
    row: i32,
    /// The options that are drawn, and the first of their weeks.
    drawn: Option<Value>,
    first_week: Option<IsoWeek>,
    /// The tooltip of each week, which is also spoken for who can't see it.
    tips: Vec<String>,
    /// What the listener for a changed window reads, and the listener itself.
    window: Rc<RefCell<Option<Window>>>,
    /// The first and the last moment of the window, once it was changed.
    zoomed: Rc<Cell<Option<(f64, f64)>>>,
    _on_zoom: Closure<dyn FnMut()>,
}

/// The scale of the weeks of a picture, from the first one on.
struct Window {
    first_week: IsoWeek,
    scale: WindowScale,
}

impl Handle {
    /// `echarts.init` on an element. The chart follows its size from here on.
    fn new(echarts: &JsValue, element: &web_sys::Element, words: &'static Words) -> Result<Self, JsValue> {
        let settings = Object::new();
        Reflect::set(&settings, &"renderer".into(), &"canvas".into())?;
        Reflect::set(&settings, &"locale".into(), &words.language.code().to_uppercase().into())?;
        let chart = call(echarts, "init", &[element.into(), JsValue::NULL, settings.into()])?;
        let resized = chart.clone();
        // In the next frame: what changes sizes while sizes are being reported is an error of the page.
        let listener = Closure::<dyn Fn()>::new(move || {
            let resized = resized.clone();
            request_animation_frame(move || resize(&resized));
        });
        let observer = web_sys::ResizeObserver::new(listener.as_ref().unchecked_ref())?;
        observer.observe(element);
        let formatters = Formatters {
            tooltip: Closure::new(|_| String::new()),
            figure: figure_formatter(words),
            zone: zone_formatter(&chart, words),
        };
        let window = Rc::new(RefCell::new(None));
        let zoomed = Rc::new(Cell::new(None));
        let (of_chart, seen, kept) = (chart.clone(), Rc::clone(&window), Rc::clone(&zoomed));
        let on_zoom = Closure::<dyn FnMut()>::new(move || {
            kept.set(zoomed_to(&of_chart));
            if let (Some(ends), Some(window)) = (kept.get(), &*seen.borrow()) {
                follow(&of_chart, ends, window);
            }
        });
        call(&chart, "on", &["datazoom".into(), on_zoom.as_ref().clone()])?;
        Ok(Self {
            chart,
            formatters,
            words,
            observer: Some((observer, listener)),
            row: 0,
            drawn: None,
            first_week: None,
            tips: Vec::new(),
            window,
            zoomed,
            _on_zoom: on_zoom,
        })
    }

    /// Draws a picture: what has changed since the one before alone, where that is enough.
    fn set(&mut self, picture: &Picture) {
        let window = picture.scale.clone().map(|scale| Window { first_week: picture.first_week, scale });
        let stays = self.first_week == Some(picture.first_week) && self.tips.len() == picture.tips.len();
        let changed = self.drawn.as_ref().filter(|_| stays).and_then(|drawn| changes(drawn, &picture.option));
        *self.window.borrow_mut() = window;
        match changed {
            Some(changed) => self.merge(picture, &changed),
            None => self.replace(picture, stays),
        }
        self.drawn = Some(picture.option.clone());
        self.first_week = Some(picture.first_week);
        if !stays {
            self.row = picture.opening_row;
        }
        self.tips.clone_from(&picture.tips);
    }

    /// Has ECharts merge what has changed. What was zoomed to stays.
    fn merge(&mut self, picture: &Picture, changed: &Value) {
        let Ok(option) = JSON::parse(&changed.to_string()) else { return };
        let tooltip = tooltip_formatter(picture);
        let shown = Object::new();
        let _ = Reflect::set(&shown, &"formatter".into(), tooltip.as_ref());
        let _ = Reflect::set(&option, &"tooltip".into(), &shown);
        if let (Some(ends), Some(window)) = (self.zoomed.get(), &*self.window.borrow()) {
            let _ = Reflect::set(&option, &"yAxis".into(), &axis_around(ends, window));
        }
        let _ = call(&self.chart, "setOption", &[option]);
        // The old one goes only now, when the chart no longer calls it.
        self.formatters.tooltip = tooltip;
    }

    /// Replaces everything that is drawn.
    fn replace(&mut self, picture: &Picture, stays: bool) {
        let Ok(option) = JSON::parse(&picture.option.to_string()) else { return };
        let formatters = Formatters {
            tooltip: tooltip_formatter(picture),
            figure: figure_formatter(self.words),
            zone: zone_formatter(&self.chart, self.words),
        };
        set_formatter(&option, "tooltip", &formatters.tooltip);
        let axes = Reflect::get(&option, &"yAxis".into()).unwrap_or_default();
        // charming writes a single axis bare.
        let axes = if Array::is_array(&axes) { Array::from(&axes) } else { Array::of1(&axes) };
        for axis in axes.iter() {
            set_formatter(&axis, "axisLabel", &formatters.figure);
        }
        let series = Reflect::get(&option, &"series".into()).unwrap_or_default();
        for zones in Array::from(&series).iter().filter_map(|one| Reflect::get(&one, &"markArea".into()).ok())
        {
            set_formatter(&zones, "label", &formatters.zone);
        }
        // What was zoomed to stays, where the picture is of the same weeks as before.
        let ends = if stays { zoomed_to(&self.chart) } else { None };
        self.zoomed.set(None);
        let not_merge = Object::new();
        let _ = Reflect::set(&not_merge, &"notMerge".into(), &JsValue::TRUE);
        let _ = call(&self.chart, "setOption", &[option, not_merge.into()]);
        // The old ones go only now, when the chart no longer calls them.
        self.formatters = formatters;
        if let Some((start, end)) = ends {
            self.dispatch("dataZoom", &[("startValue", start), ("endValue", end)]);
        }
    }

    /// Does what is asked; after a step, what the week says.
    fn obey(&mut self, command: Command) -> Option<String> {
        match command {
            Command::ZoomIn => self.zoom(0.6),
            Command::ZoomOut => self.zoom(1.0 / 0.6),
            Command::ShowAll => self.show(0.0, 100.0),
            Command::Mark { .. } => {}
            Command::Step(by) => {
                let last = i32::try_from(self.tips.len()).unwrap_or(i32::MAX) - 1;
                self.row = (self.row + by).clamp(0, last.max(0));
                // The first series has a point for each week.
                self.dispatch("showTip", &[("seriesIndex", 0.0), ("dataIndex", f64::from(self.row))]);
                return self.tips.get(usize::try_from(self.row).ok()?).map(|tip| spoken(tip));
            }
        }
        None
    }

    /// Widens or narrows the window; its right end, the future, stays.
    fn zoom(&self, factor: f64) {
        let window = call(&self.chart, "getOption", &[])
            .and_then(|option| Reflect::get(&option, &"dataZoom".into()))
            .map(|zooms| Array::from(&zooms).get(0));
        let end = |name: &str, otherwise: f64| {
            let value = window.as_ref().ok().and_then(|zoom| Reflect::get(zoom, &name.into()).ok()?.as_f64());
            value.unwrap_or(otherwise)
        };
        let (start, end) = (end("start", 0.0), end("end", 100.0));
        self.show((end - (end - start) * factor).max(0.0), end);
    }

    /// The weeks between two places, px from the left of the chart; nothing of them lies beyond its own weeks.
    fn weeks_between(&self, from_px: f64, to_px: f64) -> Option<WeekSpan> {
        let first = self.first_week?;
        let axis = Object::new();
        Reflect::set(&axis, &"xAxisIndex".into(), &0.into()).ok()?;
        let last_row = i32::try_from(self.tips.len()).ok()? - 1;
        let row = |px: f64| {
            let at =
                call(&self.chart, "convertFromPixel", &[axis.clone().into(), px.into()]).ok()?.as_f64()?;
            let row = timeline::weeks_between(timeline::place(first), at).unwrap_or_default();
            Some(i32::try_from(row).unwrap_or(last_row).min(last_row))
        };
        Some(WeekSpan::new(first.plus(row(from_px)?), first.plus(row(to_px)?)))
    }

    fn show(&self, start: f64, end: f64) {
        self.dispatch("dataZoom", &[("start", start), ("end", end)]);
    }

    fn dispatch(&self, kind: &str, values: &[(&str, f64)]) {
        let action = Object::new();
        let _ = Reflect::set(&action, &"type".into(), &kind.into());
        for (name, value) in values {
            let _ = Reflect::set(&action, &(*name).into(), &(*value).into());
        }
        let _ = call(&self.chart, "dispatchAction", &[action.into()]);
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if let Some((observer, _)) = self.observer.take() {
            observer.disconnect();
        }
        let _ = call(&self.chart, "dispose", &[]);
    }
}

/// The first and the last moment of the window that is shown.
fn zoomed_to(chart: &JsValue) -> Option<(f64, f64)> {
    let option = call(chart, "getOption", &[]).ok()?;
    let zooms = Reflect::get(&option, &"dataZoom".into()).ok().filter(Array::is_array)?;
    let zoom = Array::from(&zooms).get(0);
    let end = |name: &str| Reflect::get(&zoom, &name.into()).ok()?.as_f64();
    end("startValue").zip(end("endValue"))
}

/// Fits the axis of the values to the weeks that are shown.
fn follow(chart: &JsValue, ends: (f64, f64), window: &Window) {
    let option = Object::new();
    let _ = Reflect::set(&option, &"yAxis".into(), &axis_around(ends, window));
    let _ = call(chart, "setOption", &[option.into()]);
}

/// The axis of the values as the weeks between two moments need it.
fn axis_around((start, end): (f64, f64), window: &Window) -> Object {
    let first = timeline::place(window.first_week);
    let row = |at: f64| timeline::weeks_between(first, at).unwrap_or_default();
    let scale = window.scale.around(row(start)..row(end) + 1);
    let axis = Object::new();
    for (name, value) in [("min", scale.low), ("max", scale.high), ("interval", scale.step)] {
        let _ = Reflect::set(&axis, &name.into(), &value.into());
    }
    axis
}

/// Has a chart fill its element, unless it has been disposed of meanwhile.
fn resize(chart: &JsValue) {
    if call(chart, "isDisposed", &[]).is_ok_and(|gone| gone.is_falsy()) {
        let _ = call(chart, "resize", &[]);
    }
}

/// Sets the formatter of a part of an option.
fn set_formatter(option: &JsValue, part: &str, formatter: &Formatter) {
    if let Ok(part) = Reflect::get(option, &part.into()) {
        let _ = Reflect::set(&part, &"formatter".into(), formatter.as_ref());
    }
}

/// Writes the figures of an axis in the page's language.
fn figure_formatter(words: &'static Words) -> Formatter {
    Closure::new(move |figure: JsValue| {
        figure.as_f64().map_or_else(String::new, |figure| words.axis_figure(figure))
    })
}

/// Names a zone where its name has room in it, at each drawing: at any size and in any window.
fn zone_formatter(chart: &JsValue, words: &'static Words) -> Formatter {
    let chart = chart.clone();
    Closure::new(move |zone: JsValue| {
        let name = Reflect::get(&zone, &"name".into()).ok().and_then(|name| name.as_string());
        let name = name.unwrap_or_default();
        let fits = zone_width(&chart, &zone).is_none_or(|px| name_fits(&name, px, words));
        if fits { name } else { String::new() }
    })
}

/// How wide a zone is drawn, px.
fn zone_width(chart: &JsValue, zone: &JsValue) -> Option<f64> {
    let ends = Reflect::get(&Reflect::get(zone, &"data".into()).ok()?, &"coord".into()).ok()?;
    let axis = Object::new();
    Reflect::set(&axis, &"xAxisIndex".into(), &0.into()).ok()?;
    let pixel = |end: u32| {
        let place = Array::from(&Array::from(&ends).get(end)).get(0);
        call(chart, "convertToPixel", &[axis.clone().into(), place]).ok()?.as_f64()
    };
    Some(pixel(1)? - pixel(0)?)
}

/// Looks the tooltip of the week under the pointer up.
fn tooltip_formatter(picture: &Picture) -> Formatter {
    let (tips, first) = (picture.tips.clone(), timeline::place(picture.first_week));
    Closure::new(move |points: JsValue| {
        let at =
            Reflect::get(&Array::from(&points).get(0), &"axisValue".into()).ok().and_then(|at| at.as_f64());
        at.and_then(|at| tips.get(timeline::weeks_between(first, at)?).cloned()).unwrap_or_default()
    })
}

fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    function.apply(object, &arguments.iter().collect::<Array>())
}
