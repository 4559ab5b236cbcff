//! How long to wait before the next try.

/// The longest wait, in milliseconds.
const CEILING_MS: u32 = 30_000;

/// Milliseconds until try number `attempt` (the first is 0): a random part of a span that doubles, never less than `floor_ms`.
/// `random` is at least 0 and below 1.
pub(crate) fn delay_ms(attempt: u32, floor_ms: u32, random: f64) -> u32 {
    let span = 1_000_u32.saturating_mul(1 << attempt.min(15)).min(CEILING_MS);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of at most 30,000")]
    let jitter = (f64::from(span) * random.clamp(0.0, 1.0)) as u32;
    floor_ms.saturating_add(jitter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_ceiling() {
        for (attempt, random, expected) in [(0, 0.0, 250), (0, 0.999, 1_249), (3, 0.5, 4_250), (9, 0.5, 15_250), (400, 1.0, 30_250)] {
            assert_eq!(delay_ms(attempt, 250, random), expected, "{attempt} {random}");
        }
    }
}
