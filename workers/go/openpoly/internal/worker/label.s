// Empty, and here: functions of the runtime are declared in label.go without their bodies.
