package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
)

func page(writer http.ResponseWriter, request *http.Request) {
	response, err := http.Get("http://localhost:9000/items")
	if err != nil {
		http.Error(writer, err.Error(), http.StatusBadGateway)
		return
	}
	defer response.Body.Close()
	items, err := io.ReadAll(response.Body)
	if err != nil {
		http.Error(writer, err.Error(), http.StatusBadGateway)
		return
	}
	worktree, err := os.ReadFile("worktree.txt")
	if err != nil {
		http.Error(writer, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprintf(writer, "%s sells %s", strings.TrimSpace(string(worktree)), items)
}

func main() {
	http.HandleFunc("/", page)
	log.Fatal(http.ListenAndServe(":8080", nil))
}
