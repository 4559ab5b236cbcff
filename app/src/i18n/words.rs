//! The nouns and states that every page uses.

use pilothouse_api::MarkKind;
use pilothouse_model::{BeatVia, Liveness};

use super::Lang;

/// A state as it stands beside its icon.
pub(crate) fn liveness(lang: Lang, liveness: Liveness) -> &'static str {
    let (english, chinese) = match liveness {
        Liveness::Up => ("Up", "正常"),
        Liveness::Returned => ("Returned", "已恢复"),
        Liveness::Drained => ("Drained", "已排空"),
        Liveness::Protected => ("Protected", "受保护"),
        Liveness::Unknown => ("Unknown", "未知"),
        Liveness::Flapping => ("Flapping", "抖动"),
        Liveness::Late => ("Late", "迟到"),
        Liveness::Unhealthy => ("Unhealthy", "不健康"),
        Liveness::Removed => ("Removed", "已摘除"),
    };
    lang.pick(english, chinese)
}

/// How an instance proves alive, in a column.
pub(crate) fn via(lang: Lang, via: BeatVia) -> &'static str {
    let (english, chinese) = match via {
        BeatVia::Http => ("HTTP", "HTTP"),
        BeatVia::Grpc => ("gRPC", "gRPC"),
        BeatVia::Client => ("client", "客户端"),
        BeatVia::Session => ("session", "会话"),
        BeatVia::Ttl => ("TTL", "TTL"),
        BeatVia::Check => ("check", "检查"),
        BeatVia::Nothing => ("nothing", "无"),
    };
    lang.pick(english, chinese)
}

/// How an instance proves alive, as a choice.
pub(crate) fn via_choice(lang: Lang, via: BeatVia) -> &'static str {
    let (english, chinese) = match via {
        BeatVia::Http => ("HTTP beats", "HTTP 心跳"),
        BeatVia::Grpc => ("gRPC", "gRPC"),
        BeatVia::Client => ("HTTP or gRPC", "HTTP 或 gRPC"),
        BeatVia::Session => ("Session or lease", "会话或租约"),
        BeatVia::Ttl => ("TTL checks", "TTL 检查"),
        BeatVia::Check => ("Checks, probes", "检查与探测"),
        BeatVia::Nothing => ("Nothing", "无"),
    };
    lang.pick(english, chinese)
}

/// A value before or after a change. Whether an instance takes traffic comes as a word, everything else as it is.
pub(crate) fn changed(lang: Lang, kind: MarkKind, value: &str) -> &str {
    match (kind, value) {
        (MarkKind::Drain, "in") => lang.pick("in", "接收"),
        (MarkKind::Drain, "out") => lang.pick("out", "摘除"),
        (_, value) => value,
    }
}

/// What kind of change it was, between the service and its values.
pub(crate) fn mark(lang: Lang, kind: MarkKind) -> &'static str {
    let (english, chinese) = match kind {
        MarkKind::Weight => ("weight", "权重"),
        MarkKind::Drain => ("rotation", "流量"),
        MarkKind::Metadata => ("metadata", "元数据"),
        MarkKind::Deregister => ("deregistered", "注销"),
        MarkKind::Version => ("version", "版本"),
        MarkKind::Scale => ("scaled", "伸缩"),
    };
    lang.pick(english, chinese)
}
