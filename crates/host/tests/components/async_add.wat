;; An async function that gives its result after one turn.
(component
  (core module $memory (memory (export "memory") 1))
  (core instance $mem (instantiate $memory))
  (core func $return (canon task.return (result u32)))
  (core module $main
    (import "host" "return" (func $return (param i32)))
    (global $sum (mut i32) (i32.const 0))
    (func (export "add") (param i32 i32) (result i32)
      (global.set $sum (i32.add (local.get 0) (local.get 1)))
      (i32.const 1))
    (func (export "callback") (param i32 i32 i32) (result i32)
      (call $return (global.get $sum))
      (i32.const 0)))
  (core instance $i (instantiate $main (with "host" (instance
    (export "return" (func $return))))))
  (func (export "add") async (param "a" u32) (param "b" u32) (result u32)
    (canon lift (core func $i "add") async (callback (core func $i "callback")))))
