function priceOf(product) { if (product !== 'tea') throw new Error('nothing is known of ' + product); return 2.5; }
