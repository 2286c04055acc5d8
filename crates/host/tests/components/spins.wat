;; A command of WASI 0.2 that computes for ever.
(component
  (core module $m
    (func $spin (export "run") (result i32)
      (loop $again (br $again))
      (i32.const 0)))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $entry (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $entry)))
