//! Quantiles of a sample, by the nearest rank: a value that occurred, never one between two.

/// The `q`-quantile, 0 < q ≤ 1, of a sample that is not empty.
pub(crate) fn quantile(sample: &[f64], q: f64) -> f64 {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (q * sorted.len() as f64).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_nearest_rank() {
        let sample: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        for (q, expected) in [(0.5, 50.0), (0.95, 95.0), (0.99, 99.0), (1.0, 100.0), (0.001, 1.0)] {
            assert!((quantile(&sample, q) - expected).abs() < f64::EPSILON, "{q}");
        }
        assert!((quantile(&[7.0], 0.99) - 7.0).abs() < f64::EPSILON);
    }
}
