(component
  (import "myapp:core/types@1.0.0" (instance $types
    (type $p (record (field "x" s32)))
    (export "point" (type (eq $p)))))
  (core module $m (func (export "answer") (result i32) i32.const 42))
  (core instance $i (instantiate $m))
  (func (export "answer") (result u32) (canon lift (core func $i "answer"))))
