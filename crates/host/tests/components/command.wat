;; A command that ends with 100 * folders + 10 * arguments + variables.
(component
  (import "wasi:cli/environment@0.2.6" (instance $environment
    (export "get-environment" (func (result (list (tuple string string)))))
    (export "get-arguments" (func (result (list string))))))
  (import "wasi:cli/exit@0.2.12" (instance $exit
    (export "exit-with-code" (func (param "status-code" u8)))))
  (import "wasi:filesystem/types@0.2.3" (instance $types
    (export "descriptor" (type (sub resource)))))
  (alias export $types "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.3" (instance $preopens
    (alias outer 1 $descriptor (type $d))
    (export "descriptor" (type $d' (eq $d)))
    (export "get-directories" (func (result (list (tuple (own $d') string)))))))

  (core module $memory
    (memory (export "memory") 1)
    (global $free (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $at i32)
      (local.set $at
        (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
      (global.set $free (i32.add (local.get $at) (local.get 3)))
      (local.get $at)))
  (core instance $mem (instantiate $memory))
  (alias core export $mem "memory" (core memory $m))
  (alias core export $mem "realloc" (core func $realloc))
  (core func $env (canon lower (func $environment "get-environment")
    (memory $m) (realloc $realloc)))
  (core func $args (canon lower (func $environment "get-arguments")
    (memory $m) (realloc $realloc)))
  (core func $dirs (canon lower (func $preopens "get-directories")
    (memory $m) (realloc $realloc)))
  (core func $exit-with (canon lower (func $exit "exit-with-code")))

  (core module $main
    (import "host" "memory" (memory 1))
    (import "host" "env" (func $env (param i32)))
    (import "host" "args" (func $args (param i32)))
    (import "host" "dirs" (func $dirs (param i32)))
    (import "host" "exit" (func $exit (param i32)))
    (func (export "run") (result i32)
      (call $dirs (i32.const 0))
      (call $args (i32.const 8))
      (call $env (i32.const 16))
      (call $exit
        (i32.add
          (i32.mul (i32.load (i32.const 4)) (i32.const 100))
          (i32.add
            (i32.mul (i32.load (i32.const 12)) (i32.const 10))
            (i32.load (i32.const 20)))))
      unreachable))
  (core instance $i (instantiate $main (with "host" (instance
    (export "memory" (memory $m))
    (export "env" (func $env))
    (export "args" (func $args))
    (export "dirs" (func $dirs))
    (export "exit" (func $exit-with))))))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $entry (export "run" (func $run)))
  (export "wasi:cli/run@0.2.6" (instance $entry)))
