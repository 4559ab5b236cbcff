//! A sparkline: the shape of a number over time, without axes. The number itself stands beside it.

use leptos::prelude::*;

use crate::view::view;

const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 22.0;

/// The line through `values`, from 0 to the greatest of them or `least_top`, whichever is greater.
fn line(values: &[f64], least_top: f64) -> String {
    let top = values.iter().copied().fold(least_top, f64::max).max(f64::MIN_POSITIVE);
    let step = WIDTH / (values.len().max(2) - 1) as f64;
    values
        .iter()
        .enumerate()
        .map(|(at, value)| {
            let pen = if at == 0 { 'M' } else { 'L' };
            format!("{pen}{:.1} {:.1}", at as f64 * step, HEIGHT - 1.0 - value / top * (HEIGHT - 2.0))
        })
        .collect()
}

/// A sparkline of `values`, oldest first. `least_top` keeps a quiet source from looking wild. `label` says what it shows.
pub(crate) fn sparkline(values: &[f64], least_top: f64, label: String) -> impl IntoView + use<> {
    view! {
        <svg class="spark" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=label>
            <path class="base" d=format!("M0 {}H{WIDTH}", HEIGHT - 0.5)></path>
            <path d=line(values, least_top)></path>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_fills_the_height_and_the_width() {
        assert_eq!(line(&[0.0, 5.0, 10.0], 0.0), "M0.0 21.0L60.0 11.0L120.0 1.0");
    }

    #[test]
    fn few_or_no_values_do_not_break_it() {
        assert_eq!(line(&[], 0.0), "");
        assert_eq!(line(&[3.0], 6.0), "M0.0 11.0");
        assert_eq!(line(&[0.0, 0.0], 0.0), "M0.0 21.0L120.0 21.0");
    }
}
