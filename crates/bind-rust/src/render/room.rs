//! How much room there is for a piece of code: where it begins, and how wide it may be.

/// The width of a line.
pub(super) const WIDTH: usize = 100;
/// The step of an indentation.
pub(super) const STEP: usize = 4;

/// The room for a piece of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Room {
    /// The column at which the block around it begins.
    pub(super) indent: usize,
    /// How far behind that column it begins.
    pub(super) offset: usize,
    /// How wide its first and its last line may be.
    pub(super) width: usize,
}

impl Room {
    /// A line of its own at this column.
    pub(super) fn line(indent: usize) -> Room {
        Room { indent, offset: 0, width: WIDTH.saturating_sub(indent) }
    }

    /// Behind something that takes so much.
    pub(super) fn after(self, width: usize) -> Option<Room> {
        let left = self.width.checked_sub(width)?;
        Some(Room { offset: self.offset + width, width: left, ..self })
    }

    /// Before something that takes so much.
    pub(super) fn before(self, width: usize) -> Option<Room> {
        Some(Room { width: self.width.checked_sub(width)?, ..self })
    }

    /// The lines of a block in it.
    pub(super) fn block(self) -> Room {
        Room::line(self.indent + STEP)
    }

    /// What has to follow on its last line.
    pub(super) fn tail(self) -> usize {
        WIDTH.saturating_sub(self.indent + self.offset + self.width)
    }
}

/// A line break and the indentation behind it.
pub(super) fn line_break(indent: usize) -> String {
    format!("\n{}", " ".repeat(indent))
}

/// The width of the first line.
pub(super) fn first_line(text: &str) -> usize {
    width(text.lines().next().unwrap_or(""))
}

/// The width of the last line.
pub(super) fn last_line(text: &str) -> usize {
    width(text.rsplit('\n').next().unwrap_or(""))
}

pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

/// Whether text that begins in this room stays in it.
pub(super) fn fits(text: &str, room: Room) -> bool {
    if first_line(text) > room.width {
        return false;
    }
    if !text.contains('\n') {
        return true;
    }
    text.lines().skip(1).all(|line| width(line) <= WIDTH)
        && last_line(text) <= room.indent + room.offset + room.width
}
