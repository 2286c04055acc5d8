;; A command of WASI 0.2.0 that returns an error without having asked for anything.
(component
  (core module $m (func (export "run") (result i32) i32.const 1))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $entry (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $entry)))
