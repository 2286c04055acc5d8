;; A command of WASI 0.2 that computes for ever before it can be called.
(component
  (core module $m
    (func $begin (loop $again (br $again)))
    (start $begin)
    (func (export "run") (result i32) (i32.const 0)))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $entry (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $entry)))
