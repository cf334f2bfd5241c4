module openpoly

go 1.19
