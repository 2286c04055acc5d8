//! What stands in for the host in native tests: fakes of imported interfaces, and a table of
//! resources. A test has a thread of its own, and everything here belongs to the thread.

extern crate alloc as alloc_crate;
extern crate std;

use alloc_crate::collections::BTreeMap;
use alloc_crate::vec::Vec;
use core::any::{Any, TypeId};
use core::cell::RefCell;
use core::ops::Deref;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

pub use alloc_crate::rc::Rc;

std::thread_local! {
    static HOST: Host = const {
        Host {
            fakes: RefCell::new(BTreeMap::new()),
            resources: RefCell::new(BTreeMap::new()),
        }
    };
}

/// The last handle that was given away, in any thread: so one that went to another thread is
/// unknown there, and not mistaken for another.
static LAST: AtomicU32 = AtomicU32::new(0);

struct Host {
    /// By the type of the interface's trait object, those that are installed; the last answers.
    fakes: RefCell<BTreeMap<TypeId, Vec<Rc<dyn Any>>>>,
    resources: RefCell<BTreeMap<u32, Rc<dyn Any>>>,
}

/// A fake that is installed. It can be looked at; dropping it takes it away.
#[must_use = "the fake is taken away when this is dropped"]
pub struct Installed<T> {
    fake: Rc<T>,
    interface: TypeId,
    entry: Rc<dyn Any>,
}

impl<T> Deref for Installed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.fake
    }
}

impl<T> Drop for Installed<T> {
    fn drop(&mut self) {
        // The thread may be ending; and what is taken out is dropped when nothing is borrowed.
        let taken = HOST.try_with(|host| {
            let mut fakes = host.fakes.borrow_mut();
            let installed = fakes.get_mut(&self.interface)?;
            let place = installed.iter().rposition(|entry| Rc::ptr_eq(entry, &self.entry))?;
            Some(installed.remove(place))
        });
        drop(taken);
    }
}

/// Puts a fake in the host's place until what this returns is dropped. `F` is the trait object
/// of its interface, and `erased` the same fake.
pub fn install<T, F: ?Sized + 'static>(fake: Rc<T>, erased: Rc<F>) -> Installed<T> {
    let interface = TypeId::of::<F>();
    let entry: Rc<dyn Any> = Rc::new(erased);
    HOST.with(|host| {
        host.fakes.borrow_mut().entry(interface).or_default().push(Rc::clone(&entry));
    });
    Installed { fake, interface, entry }
}

/// The fake that answers for an interface.
///
/// # Panics
///
/// None is installed.
#[must_use]
pub fn current<F: ?Sized + 'static>(interface: &str, install: &str) -> Rc<F> {
    let last = HOST.with(|host| host.fakes.borrow().get(&TypeId::of::<F>())?.last().cloned());
    match last.as_deref().and_then(<dyn Any>::downcast_ref::<Rc<F>>) {
        Some(fake) => Rc::clone(fake),
        None => panic!(
            "there is no host in a native test, and nothing stands in for `{interface}`: \
             call `{install}` first"
        ),
    }
}

/// Where a fake does not answer.
///
/// # Panics
///
/// Always.
pub fn missing(function: &str) -> ! {
    panic!("`{function}` was called, and the fake that is installed does not implement it")
}

/// A handle on a fake resource. `F` is the trait object of its type.
pub fn add<F: ?Sized + 'static>(resource: Rc<F>) -> u32 {
    add_any(Rc::new(resource))
}

fn add_any(resource: Rc<dyn Any>) -> u32 {
    HOST.with(|host| {
        // Handles are not used again, so that one that was dropped is not mistaken for another.
        let handle = LAST.fetch_add(1, Relaxed) + 1;
        host.resources.borrow_mut().insert(handle, resource);
        handle
    })
}

/// What a handle stands for.
///
/// # Panics
///
/// It stands for nothing of this type in this thread.
#[must_use]
pub fn get<F: ?Sized + 'static>(handle: u32) -> Rc<F> {
    let found = find(handle);
    match found.as_deref().and_then(<dyn Any>::downcast_ref::<Rc<F>>) {
        Some(resource) => Rc::clone(resource),
        None => no_such_handle(handle),
    }
}

fn find(handle: u32) -> Option<Rc<dyn Any>> {
    HOST.with(|host| host.resources.borrow().get(&handle).cloned())
}

fn no_such_handle(handle: u32) -> ! {
    panic!("{handle} is no handle of such a resource in this thread: fakes belong to one thread")
}

/// Gives a handle up.
pub fn remove(handle: u32) {
    // The thread may be ending; and what is taken out is dropped when nothing is borrowed.
    let taken = HOST.try_with(|host| host.resources.borrow_mut().remove(&handle));
    drop(taken);
}

/// An exported resource: where it is stored, which type implements it, and what frees it.
struct Rep {
    memory: *mut u8,
    implementation: TypeId,
    free: unsafe fn(*mut u8),
}

impl Drop for Rep {
    fn drop(&mut self) {
        // SAFETY: `keep_rep` was promised that it can be called.
        unsafe { (self.free)(self.memory) }
    }
}

/// A handle on what is stored at `memory` by `T`; `free` is called when it is given up.
///
/// # Safety
///
/// `free` can be called once, with `memory`.
pub unsafe fn keep_rep<T: 'static>(memory: *mut u8, free: unsafe fn(*mut u8)) -> u32 {
    add_any(Rc::new(Rep { memory, implementation: TypeId::of::<T>(), free }))
}

/// Where `T` stored the resource of a handle.
///
/// # Panics
///
/// It is no handle in this thread, or another type implements the resource.
#[must_use]
pub fn rep<T: 'static>(handle: u32) -> *mut u8 {
    let found = find(handle);
    match found.as_deref().and_then(<dyn Any>::downcast_ref::<Rep>) {
        Some(rep) if rep.implementation == TypeId::of::<T>() => rep.memory,
        Some(_) => panic!("another type implements the resource of handle {handle}"),
        None => no_such_handle(handle),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    trait Clock {
        fn now(&self) -> u32;
    }

    struct Stopped(u32);

    impl Clock for Stopped {
        fn now(&self) -> u32 {
            self.0
        }
    }

    fn stopped(at: u32) -> Installed<Stopped> {
        let fake = Rc::new(Stopped(at));
        install::<_, dyn Clock>(Rc::clone(&fake), fake)
    }

    fn now() -> u32 {
        current::<dyn Clock>("a:b/clock", "clock::fake::install").now()
    }

    #[test]
    fn the_last_fake_answers_until_it_is_dropped() {
        let first = stopped(1);
        let second = stopped(2);
        assert_eq!(now(), 2);
        drop(second);
        assert_eq!(now(), 1);
        assert_eq!(first.0, 1);
    }

    #[test]
    #[should_panic(expected = "nothing stands in for `a:b/clock`: call `clock::fake::install`")]
    fn without_a_fake_it_says_what_to_call() {
        drop(stopped(1));
        now();
    }

    #[test]
    fn a_resource_is_dropped_with_its_handle() {
        let resource: Rc<dyn Clock> = Rc::new(Stopped(7));
        let weak = Rc::downgrade(&resource);
        let handle = add(resource);
        assert_eq!(get::<dyn Clock>(handle).now(), 7);
        remove(handle);
        assert!(weak.upgrade().is_none());
    }

    #[test]
    fn a_handle_of_another_thread_is_not_mistaken() {
        let of_another = std::thread::spawn(|| add::<dyn Clock>(Rc::new(Stopped(1))));
        let of_another = of_another.join().expect("it does not panic");
        let handle = add::<dyn Clock>(Rc::new(Stopped(2)));
        assert_ne!(handle, of_another);
        remove(of_another);
        assert_eq!(get::<dyn Clock>(handle).now(), 2);
    }
}
