"""One exchange with a model server: its address, its connection, its bytes and its clocks."""
