// The function that functions-framework serves: its JSON comes read, and is answered written anew.
'use strict';

exports.echo = (request, response) => response.json(request.body);
