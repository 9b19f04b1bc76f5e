package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/items", func(writer http.ResponseWriter, request *http.Request) {
		worktree, err := os.ReadFile("worktree.txt")
		if err != nil {
			http.Error(writer, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintf(writer, "the tea of %s", worktree)
	})
	server := &http.Server{Addr: ":9000"}
	log.Fatal(server.ListenAndServe())
}
