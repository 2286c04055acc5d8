;; An interface that WASI has, with a function that it does not have.
(component
  (import "wasi:random/random@0.2.3" (instance $random
    (export "get-random-dice" (func (result u64))))))
