package main

import (
	"io"
	"net"
	"os"
)

// serve is a server as databases are one: its socket stands in a directory that its image has.
func serve(socket string) {
	listener, err := net.Listen("unix", socket)
	check(err)
	go func() {
		client, err := listener.Accept()
		check(err)
		_, err = client.Write([]byte("served by " + socket + "\n"))
		check(err)
		check(client.Close())
	}()
	client, err := net.Dial("unix", socket)
	check(err)
	_, err = io.Copy(os.Stdout, client)
	check(err)
}
