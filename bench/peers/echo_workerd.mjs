// The worker of echo.capnp: reads the JSON and answers it written anew.
export default {
  async fetch(request) {
    return Response.json(await request.json());
  },
};
