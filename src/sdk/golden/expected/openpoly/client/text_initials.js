// Client function text.initials.
exports.require = require;
exports.name = "initials";
exports.run = function (exports, require, module) {
"use strict";
function initials(name) {
  return name.split(' ').map((word) => word[0]).join('');
}
;return typeof initials === 'undefined' ? undefined : initials;
};
