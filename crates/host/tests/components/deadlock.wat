;; An async function that waits for nothing, for ever.
(component
  (core func $new (canon waitable-set.new))
  (core func $return (canon task.return))
  (core module $main
    (import "host" "new" (func $new (result i32)))
    (import "host" "return" (func $return))
    (func $waits (export "wait") (result i32)
      (i32.or (i32.const 2) (i32.shl (call $new) (i32.const 4))))
    (func (export "callback") (param i32 i32 i32) (result i32)
      (call $return)
      (i32.const 0)))
  (core instance $i (instantiate $main (with "host" (instance
    (export "new" (func $new))
    (export "return" (func $return))))))
  (func (export "wait") async
    (canon lift (core func $i "wait") async (callback (core func $i "callback")))))
