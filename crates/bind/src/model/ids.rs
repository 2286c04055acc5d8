//! Dense ids into the tables of a world.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A place in an [`Arena`] of `T`.
pub struct Id<T> {
    index: u32,
    of: PhantomData<fn() -> T>,
}

/// A type that occurs.
pub type TypeId = Id<super::Type>;
/// A named type.
pub type DefId = Id<super::Def>;
/// An interface on one side.
pub type InterfaceId = Id<super::Interface>;
/// A function on one side.
pub type FunctionId = Id<super::Function>;

impl<T> Id<T> {
    /// The id that the item at a place of a table has or will have.
    pub(crate) fn at(index: usize) -> Id<T> {
        // A world of 2³² items is no WIT text that `load` lets in; ids then repeat, and nothing
        // is read outside the table.
        Id { index: u32::try_from(index).unwrap_or(u32::MAX), of: PhantomData }
    }

    /// Its place in the table, counted from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.index as usize
    }
}

// Derived, these would ask the same of `T`, of which an id holds nothing.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Id<T> {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Id<T>) -> bool {
        self.index == other.index
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Id<T>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Id<T>) -> Ordering {
        self.index.cmp(&other.index)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index)
    }
}

/// A table that only grows, read by [`Id`].
#[derive(Debug, Clone)]
pub struct Arena<T> {
    items: Vec<T>,
}

impl<T> Default for Arena<T> {
    fn default() -> Arena<T> {
        Arena { items: Vec::new() }
    }
}

impl<T> Arena<T> {
    /// A table of nothing.
    #[must_use]
    pub fn new() -> Arena<T> {
        Arena::default()
    }

    /// The id that the next [`Arena::push`] gives.
    #[must_use]
    pub fn next_id(&self) -> Id<T> {
        Id::at(self.items.len())
    }

    /// Appends an item.
    pub fn push(&mut self, item: T) -> Id<T> {
        let id = self.next_id();
        self.items.push(item);
        id
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The item of an id, if the id is of this table.
    #[must_use]
    pub fn get(&self, id: Id<T>) -> Option<&T> {
        self.items.get(id.index())
    }

    /// All items in order, with their ids.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Id<T>, &T)> + ExactSizeIterator {
        self.ids().zip(&self.items)
    }

    /// All ids in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = Id<T>> + ExactSizeIterator + use<T> {
        (0..self.items.len()).map(Id::at)
    }

    /// All items in order.
    pub fn values(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }
}

impl<T> Index<Id<T>> for Arena<T> {
    type Output = T;

    fn index(&self, id: Id<T>) -> &T {
        &self.items[id.index()]
    }
}

impl<T> IndexMut<Id<T>> for Arena<T> {
    fn index_mut(&mut self, id: Id<T>) -> &mut T {
        &mut self.items[id.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_dense_and_in_order() {
        let mut arena = Arena::new();
        let a = arena.push("a");
        let b = arena.push("b");
        assert!(a < b);
        assert_eq!(arena[b], "b");
        assert_eq!(arena.ids().collect::<Vec<_>>(), [a, b]);
        assert_eq!(arena.iter().map(|(_, s)| *s).collect::<String>(), "ab");
        assert_eq!(format!("{b:?}"), "#1");
        assert!(Arena::<&str>::new().get(b).is_none());
    }
}
