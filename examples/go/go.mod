// For editors alone: what is deployed is one file.
module example

go 1.19

require openpoly v0.0.0

replace openpoly => ../../workers/go/openpoly
