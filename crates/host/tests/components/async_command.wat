;; A command of WASI 0.3 that is lifted asynchronously. It makes a TCP socket
;; first (which any program may), yields once, and returns an error if it was refused.
(component
  (import "wasi:sockets/types@0.3.0" (instance $sockets
    (export "tcp-socket" (type $tcp (sub resource)))
    (type $family-def (enum "ipv4" "ipv6"))
    (export "ip-address-family" (type $family (eq $family-def)))
    (type $error-def (variant
      (case "access-denied") (case "not-supported") (case "invalid-argument")
      (case "out-of-memory") (case "timeout") (case "invalid-state")
      (case "address-not-bindable") (case "address-in-use") (case "remote-unreachable")
      (case "connection-refused") (case "connection-broken") (case "connection-reset")
      (case "connection-aborted") (case "datagram-too-large") (case "other" (option string))))
    (export "error-code" (type $error (eq $error-def)))
    (export "[static]tcp-socket.create"
      (func (param "address-family" $family) (result (result (own $tcp) (error $error)))))))
  (core module $memory
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024))
  (core instance $mem (instantiate $memory))
  (alias core export $mem "memory" (core memory $m))
  (core func $create (canon lower (func $sockets "[static]tcp-socket.create")
    (memory $m) (realloc (core func $mem "realloc"))))
  (core func $return (canon task.return (result (result))))
  (core module $main
    (import "host" "memory" (memory 1))
    (import "host" "create" (func $create (param i32 i32)))
    (import "host" "return" (func $return (param i32)))
    (func (export "run") (result i32)
      (call $create (i32.const 0) (i32.const 0))
      (i32.const 1))
    (func (export "callback") (param i32 i32 i32) (result i32)
      (call $return (i32.load8_u (i32.const 0)))
      (i32.const 0)))
  (core instance $i (instantiate $main (with "host" (instance
    (export "memory" (memory $m))
    (export "create" (func $create))
    (export "return" (func $return))))))
  (func $run async (result (result))
    (canon lift (core func $i "run") async (callback (core func $i "callback"))))
  (instance $entry (export "run" (func $run)))
  (export "wasi:cli/run@0.3.0" (instance $entry)))
