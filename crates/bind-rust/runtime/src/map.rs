//! What `map<k, v>` becomes, and what a type has to do to stand in for it (`--map-type`).

use alloc::collections::BTreeMap;

/// What `map<k, v>` is when nothing else is asked for.
pub type Map<K, V> = BTreeMap<K, V>;

/// What lifting and lowering ask of a map, besides `IntoIterator` by value and by reference.
pub trait WitMap<K, V>: Sized {
    /// An empty map with room for `capacity` entries, if it can have room beforehand.
    fn wit_map_new(capacity: usize) -> Self;
    /// Adds an entry; one with the same key is replaced.
    fn wit_map_push(&mut self, key: K, value: V);
    /// How many entries there are.
    fn wit_map_len(&self) -> usize;
}

impl<K: Ord, V> WitMap<K, V> for BTreeMap<K, V> {
    fn wit_map_new(_capacity: usize) -> Self {
        BTreeMap::new()
    }

    fn wit_map_push(&mut self, key: K, value: V) {
        self.insert(key, value);
    }

    fn wit_map_len(&self) -> usize {
        self.len()
    }
}

#[cfg(feature = "std")]
impl<K: Eq + core::hash::Hash, V, S: Default + core::hash::BuildHasher> WitMap<K, V>
    for std::collections::HashMap<K, V, S>
{
    fn wit_map_new(capacity: usize) -> Self {
        Self::with_capacity_and_hasher(capacity, S::default())
    }

    fn wit_map_push(&mut self, key: K, value: V) {
        self.insert(key, value);
    }

    fn wit_map_len(&self) -> usize {
        self.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_equal_keys_wins() {
        let mut map: Map<u32, &str> = WitMap::wit_map_new(2);
        map.wit_map_push(1, "first");
        map.wit_map_push(1, "last");
        assert_eq!(map.wit_map_len(), 1);
        assert_eq!(map[&1], "last");
    }
}
