;; Imports that are missing, one that holds only types, one that
;; holds only another name for a resource, and one that WASI gives.
(component
  (import "myapp:core/types@1.0.0" (instance $types
    (type $p (record (field "x" s32)))
    (export "point" (type (eq $p)))))
  (import "wasi:random/random@0.2.3" (instance $random
    (export "get-random-u64" (func (result u64)))))
  (import "wasi:clocks/monotonic-clock@0.3.0" (instance $clock
    (export "now" (func (result u64)))))
  (import "myapp:core/calculator@1.0.0" (instance $calculator
    (export "add" (func (param "a" s32) (param "b" s32) (result s32)))))
  (import "myapp:core/calculator@2.0.0" (instance $newer
    (export "add" (func (param "a" s64) (param "b" s64) (result s64)))))
  (import "wasi:http/outgoing-handler@0.2.3" (instance $http
    (export "request" (type $r (sub resource)))
    (export "handle" (func (param "r" (own $r))))))
  (alias export $http "request" (type $request))
  (import "myapp:core/aliases@1.0.0" (instance $aliases
    (alias outer 1 $request (type $r))
    (export "request" (type (eq $r)))))
  (import "greet" (func $greet)))
