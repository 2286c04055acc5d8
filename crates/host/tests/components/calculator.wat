;; A front component that calls a component inside, so that a trap crosses both.
(component $app
  (component $math
    (core module $divider
      (func $divide-ints (export "divide") (param i32 i32) (result i32)
        local.get 0
        local.get 1
        i32.div_s))
    (core instance $i (instantiate $divider))
    (func (export "divide") (param "a" s32) (param "b" s32) (result s32)
      (canon lift (core func $i "divide"))))

  (component $front
    (import "divide" (func $divide (param "a" s32) (param "b" s32) (result s32)))
    (core func $lowered (canon lower (func $divide)))
    (core module $frontend
      (import "math" "divide" (func $import (param i32 i32) (result i32)))
      (func $_ZN4calc7average17h0123456789abcdefE (export "average")
        (param i32 i32) (result i32)
        local.get 0
        local.get 1
        call $import)
      (func $add (export "add") (param i32 i32) (result i32)
        local.get 0
        local.get 1
        i32.add)
      (func (export "reset")))
    (core instance $i (instantiate $frontend
      (with "math" (instance (export "divide" (func $lowered))))))
    (func $average (param "sum" s32) (param "count" s32) (result s32)
      (canon lift (core func $i "average")))
    (func $add (param "a" s32) (param "b" s32) (result s32)
      (canon lift (core func $i "add")))
    (func $reset (canon lift (core func $i "reset")))
    (instance $calculator
      (export "average" (func $average))
      (export "add" (func $add))
      (export "reset" (func $reset)))
    (export "myapp:core/calculator@1.2.0" (instance $calculator)))

  (instance $m (instantiate $math))
  (instance $f (instantiate $front (with "divide" (func $m "divide"))))
  (alias export $f "myapp:core/calculator@1.2.0" (instance $calculator))
  (export "myapp:core/calculator@1.2.0" (instance $calculator))
  (export "myapp:core/calculator@2.0.0" (instance $calculator)))
