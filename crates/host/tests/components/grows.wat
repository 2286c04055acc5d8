;; Two functions that ask for 100 pages (6.4 MB) more than their instance has:
;; one lives with a refusal and says so, the other gives up.
(component
  (core module $m
    (memory 1)
    (func (export "modest") (result i32)
      (i32.ne (memory.grow (i32.const 100)) (i32.const -1)))
    (func (export "greedy") (result i32)
      (if (i32.eq (memory.grow (i32.const 100)) (i32.const -1)) (then unreachable))
      (i32.const 1)))
  (core instance $i (instantiate $m))
  (func (export "modest") (result bool) (canon lift (core func $i "modest")))
  (func (export "greedy") (result bool) (canon lift (core func $i "greedy"))))
