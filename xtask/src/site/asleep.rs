//! Takes the code out of a module that only hydration in steps would call.
//!
//! Every view of Leptos carries the code to be hydrated in one go and the code to be hydrated while modules are still loading, and
//! tables of functions hold both, so that no linker can tell that one of them is asleep. `boot/browser.rs` loads the page's module
//! first and then hydrates in one go: the other is a fourteenth of every module. The futures that hydrate in steps stay, with a trap
//! for a body; the splitter then finds that nothing needs what they called.

use std::{collections::HashMap, ops::Range};

use anyhow::{Context, Result};
use wasmparser::{KnownCustom, Name, Parser, Payload, RelocationEntry, TypeRef};

use crate::step::note;

/// How the name of such a future's body ends before its hash: `hydrate_async::{{closure}}`. Nothing else may be asleep. The compiler
/// merges functions that are alike under one of their names, and a closure within, or what drops the future, can be like one that is
/// awake; a future's body cannot, since it names its own line for the panic of being polled once too often.
const ASLEEP: &str = "13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$17h";

/// What is known of a relocatable module.
#[derive(Default)]
struct Module<'a> {
    imported: u32,
    /// Where the code section's content begins: relocations count from here.
    code: usize,
    bodies: Vec<Range<usize>>,
    names: HashMap<u32, &'a str>,
    /// The section that holds the code's relocations, from its size on, and what stands in it before the first of them.
    relocations: Option<Relocations>,
}

struct Relocations {
    section: Range<usize>,
    index: u32,
    /// Which bytes of the code each stands for, and which bytes it is itself.
    entries: Vec<(usize, Range<usize>)>,
}

/// The module with these functions asleep. It must have been linked with `--emit-relocs`.
pub(super) fn put_to_sleep(bytes: &[u8]) -> Result<Vec<u8>> {
    let module = read(bytes).context("the browser's module")?;
    let Relocations { section, index, entries } = module.relocations.context("the module has no relocations")?;
    let mut out = bytes.to_vec();
    let mut asleep = Vec::new();
    for (function, body) in (module.imported..).zip(module.bodies) {
        if module.names.get(&function).is_some_and(|name| sleeps(name)) && body.len() > 3 {
            // No locals, `unreachable`, and as many `nop`s as keep every offset where it is.
            out[body.clone()].fill(0x01);
            out[body.start] = 0x00;
            out[body.start + 1] = 0x00;
            out[body.end - 1] = 0x0b;
            asleep.push(body);
        }
    }
    if asleep.is_empty() {
        note("  no function is named as those that hydrate in steps were: the bundle is larger than it could be");
    }
    // The bodies are in the order of their offsets.
    let inside = |at: usize| asleep.get(asleep.partition_point(|body| body.end <= at)).is_some_and(|body| body.contains(&at));
    let kept: Vec<_> = entries.into_iter().filter(|(at, _)| !inside(module.code + at)).map(|(_, entry)| entry).collect();
    let mut content = Vec::with_capacity(section.len());
    push_leb(&mut content, SECTION.len());
    content.extend(SECTION.as_bytes());
    push_leb(&mut content, index as usize);
    push_leb(&mut content, kept.len());
    for entry in kept {
        content.extend(&bytes[entry]);
    }
    let mut size = Vec::new();
    push_leb(&mut size, content.len());
    size.extend(content);
    out.splice(section, size);
    Ok(out)
}

fn sleeps(name: &str) -> bool {
    const HASH_AND_END: usize = 17;
    name.len().checked_sub(HASH_AND_END).and_then(|end| name.get(..end)).is_some_and(|name| name.ends_with(ASLEEP))
}

const SECTION: &str = "reloc.CODE";

fn read(bytes: &[u8]) -> Result<Module<'_>> {
    let mut module = Module::default();
    let local = |range: Range<u64>| range.start as usize..range.end as usize;
    // Where the section before ended, which is where the byte stands that says what the next one is.
    let mut end = 8;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload?;
        match &payload {
            Payload::ImportSection(imports) => {
                for import in imports.clone().into_imports() {
                    module.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionStart { range, .. } => module.code = range.start as usize,
            Payload::CodeSectionEntry(body) => module.bodies.push(local(body.range())),
            Payload::CustomSection(custom) => match custom.as_known() {
                KnownCustom::Name(names) => {
                    for names in names {
                        if let Name::Function(names) = names? {
                            for naming in names {
                                let naming = naming?;
                                module.names.insert(naming.index, naming.name);
                            }
                        }
                    }
                }
                KnownCustom::Reloc(relocations) if custom.name() == SECTION => {
                    let mut entries: Vec<(usize, Range<usize>)> = Vec::new();
                    let section = end + 1..custom.range().end as usize;
                    for entry in relocations.entries().into_iter_with_offsets() {
                        let (at, entry): (u64, RelocationEntry) = entry?;
                        if let Some((_, last)) = entries.last_mut() {
                            last.end = at as usize;
                        }
                        entries.push((entry.offset as usize, at as usize..section.end));
                    }
                    module.relocations = Some(Relocations { section, index: relocations.section_index(), entries });
                }
                _ => {}
            },
            _ => {}
        }
        if let Some((_, range)) = payload.as_section() {
            end = range.end as usize;
        }
    }
    Ok(module)
}

fn push_leb(bytes: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bodies_of_futures_sleep() {
        let closure = "28_$u7b$$u7b$closure$u7d$$u7d$";
        let cases = [
            (format!("_ZN6tachys4view10RenderHtml13hydrate_async{closure}17h0123456789abcdefE"), true),
            (format!("_ZN6tachys4view10RenderHtml13hydrate_async{closure}{closure}17h0123456789abcdefE"), false),
            ("_ZN6tachys4view10RenderHtml13hydrate_async17h0123456789abcdefE".to_owned(), false),
            ("_ZN4core3ptr99drop_in_place$LT$..hydrate_async..$u7b$$u7b$closure$u7d$$u7d$$GT$17h0123456789abcdefE".to_owned(), false),
            (String::new(), false),
        ];
        for (name, asleep) in cases {
            assert_eq!(sleeps(&name), asleep, "{name}");
        }
    }
}
