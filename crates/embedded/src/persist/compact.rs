//! Rewriting a journal as the shortest one that says the same.
//!
//! It reads the file, not the live state: nobody is locked out, and what is written is exactly what is durable.

use std::fs::File;
use std::io;

use super::codec::{Frame, HEADER, decode, encode};
use super::directory::Directory;
use super::image::Image;

/// Below this a journal is never rewritten.
const SMALL: u64 = 4 * 1024 * 1024;
/// It is rewritten when it has grown to this many times the length it had when it was last as short as it can be.
const GROWTH: u64 = 4;

/// Whether a journal of `length` bytes that started at `base` is worth rewriting.
pub(super) fn is_due(length: u64, base: u64) -> bool {
    length > SMALL && length > base.saturating_mul(GROWTH)
}

/// Writes the journal anew under the next generation.
pub(super) fn compact(directory: &Directory, generation: u64) -> io::Result<(File, u64)> {
    let bytes = std::fs::read(directory.journal(generation))?;
    let mut image = Image::default();
    let mut at = HEADER.len();
    while let Frame::Record(record, size) = decode(bytes.get(at..).unwrap_or_default()) {
        image.apply(*record, 0);
        at += size;
    }
    drop(bytes);
    let frames = image.records().map(|record| {
        let mut frame = Vec::new();
        // It fitted when it was first written, and nothing makes a record grow.
        encode(&record, &mut frame).expect("a record that was read fits");
        frame
    });
    directory.create(generation + 1, frames)
}
