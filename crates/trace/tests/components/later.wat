;; One function is called and waited for, the other is called asynchronously.
(component
  (import "t:t/slow" (instance $slow
    (export "now" (func (param "x" u32) (result u32)))
    (export "later" (func async (param "x" u32) (result u32)))))
  (core module $memory (memory (export "memory") 1))
  (core instance $data (instantiate $memory))
  (alias core export $data "memory" (core memory $memory))
  (core func $now (canon lower (func $slow "now")))
  (core func $later (canon lower (func $slow "later") async (memory $memory)))
  (core module $code
    (import "" "now" (func $now (param i32) (result i32)))
    (import "" "later" (func $later (param i32 i32) (result i32)))
    (func (export "run") (drop (call $now (i32.const 1)))))
  (core instance $it (instantiate $code
    (with "" (instance (export "now" (func $now)) (export "later" (func $later))))))
  (func (export "run") (canon lift (core func $it "run"))))
