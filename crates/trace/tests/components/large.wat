;; Asks the host for bytes, and says how many there are.
(component
  (import "wasi:random/random@0.2.0" (instance $random
    (export "get-random-bytes" (func (param "len" u64) (result (list u8))))))
  (core module $memory
    (memory (export "memory") 300)
    (global $free (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.get $free)
      (global.set $free (i32.add (global.get $free) (local.get 3)))))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $m))
  (alias core export $memory "realloc" (core func $realloc))
  (core func $get (canon lower (func $random "get-random-bytes")
    (memory $m) (realloc $realloc)))
  (core module $code
    (import "" "get" (func $get (param i64 i32)))
    (import "" "memory" (memory 1))
    (func (export "go") (param i32) (result i32)
      (call $get (i64.extend_i32_u (local.get 0)) (i32.const 16))
      (i32.load (i32.const 20))))
  (core instance $code (instantiate $code (with "" (instance
    (export "get" (func $get)) (export "memory" (memory $m))))))
  (func (export "go") (param "n" u32) (result u32) (canon lift (core func $code "go"))))
