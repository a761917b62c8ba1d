"""What the web console asks of the server: itself, sessions, pages, live news, finding."""
