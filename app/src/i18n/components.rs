//! Texts of the components that every page uses.

use pilothouse_model::BeatVia;

use super::Lang;

/// A text around one emphasised value: what stands before it, what stands behind it.
pub(crate) type Around = (&'static str, &'static str);

/// The texts.
pub(crate) struct Texts {
    /// A source that proves alive.
    pub(crate) live: &'static str,
    /// A source without a proof within its bound.
    pub(crate) stale: &'static str,
    /// An instance that was not listed.
    pub(crate) not_there: &'static str,
    /// Around the time left until a beat.
    pub(crate) due_in: Around,
    /// A beat may come any moment.
    pub(crate) due_now: &'static str,
    /// Around the time left until the registry says unhealthy.
    pub(crate) unhealthy_in: Around,
    /// Around the time left until removal.
    pub(crate) removed_in: Around,
    /// No beat for this long, and nothing follows from it.
    pub(crate) silent_for: fn(&str) -> String,
    /// Gone for this long.
    pub(crate) gone_for: fn(&str) -> String,
    /// What the countdown's bar shows.
    pub(crate) since_last_beat: fn(&str) -> String,
    /// The arrow between two states.
    pub(crate) to: &'static str,
    /// Opens the table behind a picture.
    pub(crate) behind: &'static str,
    /// It was copied.
    pub(crate) copied: &'static str,
    /// Closes a toast or a pane.
    pub(crate) close: &'static str,
    /// The region of the toasts.
    pub(crate) toasts: &'static str,
    /// The last point of a time axis.
    pub(crate) now: &'static str,
    /// Takes a filter away.
    pub(crate) remove_filter: fn(&str) -> String,
    /// What a table is that scrolls sideways.
    pub(crate) table_of: fn(&str) -> String,
}

impl Texts {
    /// Why no beat is drawn for an instance that proves alive this way.
    pub(crate) fn not_reported(&self, lang: Lang, via: BeatVia) -> &'static str {
        let (english, chinese) = match via {
            BeatVia::Http | BeatVia::Client => ("not reported", "未上报"),
            BeatVia::Grpc => ("gRPC link, no beats", "gRPC 连接，无心跳"),
            BeatVia::Session => ("session, no beats", "会话，无心跳"),
            BeatVia::Ttl => ("TTL check, time not told", "TTL 检查，未告知时间"),
            BeatVia::Check => ("checked by the registry", "由注册中心检查"),
            BeatVia::Nothing => ("nothing watches it", "无人检查"),
        };
        lang.pick(english, chinese)
    }
}

static EN: Texts = Texts {
    live: "live",
    stale: "stale",
    not_there: "not there",
    due_in: ("due in ", ""),
    due_now: "due now",
    unhealthy_in: ("unhealthy in ", ""),
    removed_in: ("removed in ", ""),
    silent_for: |span| format!("silent for {span}"),
    gone_for: |span| format!("gone {span}"),
    since_last_beat: |span| format!("{span} since the last beat"),
    to: "to",
    behind: "Table behind this picture",
    copied: "Copied",
    close: "Close",
    toasts: "Results",
    now: "now",
    remove_filter: |token| format!("Remove {token}"),
    table_of: |name| format!("{name} table"),
};

static ZH: Texts = Texts {
    live: "实时",
    stale: "已过期",
    not_there: "不存在",
    due_in: ("", "后应跳"),
    due_now: "即将跳动",
    unhealthy_in: ("", "后判为不健康"),
    removed_in: ("", "后摘除"),
    silent_for: |span| format!("静默 {span}"),
    gone_for: |span| format!("已消失 {span}"),
    since_last_beat: |span| format!("距上次心跳 {span}"),
    to: "变为",
    behind: "查看对应表格",
    copied: "已复制",
    close: "关闭",
    toasts: "结果",
    now: "现在",
    remove_filter: |token| format!("移除 {token}"),
    table_of: |name| format!("{name}表格"),
};

/// The texts in a language.
pub(crate) fn texts(lang: Lang) -> &'static Texts {
    lang.pick(&EN, &ZH)
}
