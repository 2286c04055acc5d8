;; One component, two instances: each calls somebody else.
(component
  (component $leaf
    (core module $code
      (func (export "value") (result i32) (i32.const 7)))
    (core instance $it (instantiate $code))
    (func $value (result u32) (canon lift (core func $it "value")))
    (instance $out (export "value" (func $value)))
    (export "t:t/source" (instance $out)))
  (component $relay
    (import "t:t/source" (instance $source (export "value" (func (result u32)))))
    (core func $value (canon lower (func $source "value")))
    (core module $code
      (import "" "value" (func $value (result i32)))
      (func (export "value") (result i32) (i32.add (call $value) (i32.const 1))))
    (core instance $it (instantiate $code
      (with "" (instance (export "value" (func $value))))))
    (func $out (result u32) (canon lift (core func $it "value")))
    (instance $result (export "value" (func $out)))
    (export "t:t/source" (instance $result)))
  (instance $first (instantiate $leaf))
  (alias export $first "t:t/source" (instance $a))
  (instance $second (instantiate $relay (with "t:t/source" (instance $a))))
  (alias export $second "t:t/source" (instance $b))
  (instance $third (instantiate $relay (with "t:t/source" (instance $b))))
  (alias export $third "t:t/source" (instance $c))
  (export "t:t/source" (instance $c)))
