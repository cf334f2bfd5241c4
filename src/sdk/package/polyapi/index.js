'use strict';
// Another name of `openpoly`, for sources written against it.
module.exports = require('openpoly');
