// The worker packs orders: it asks the API for the next one until none is left, waits, and asks
// again. What it has packed is served as a metric.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

var defaultAPI = "http://localhost:5000"

type order struct {
	ID       int `json:"id"`
	Product  int `json:"product"`
	Quantity int `json:"quantity"`
}

var packed atomic.Int64

// packNext packs one order and says whether there was one.
func packNext(client *http.Client, api string) (bool, error) {
	response, err := client.Post(api+"/orders/pack", "application/json", nil)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusNoContent:
		return false, nil
	case http.StatusOK:
		var next order
		if err := json.NewDecoder(response.Body).Decode(&next); err != nil {
			return false, err
		}
		packed.Add(1)
		log.Printf("packed order %d: %d of product %d", next.ID, next.Quantity, next.Product)
		return true, nil
	default:
		return false, fmt.Errorf("the API answered %s", response.Status)
	}
}

func work(api string) {
	client := &http.Client{Timeout: 5 * time.Second}
	for {
		found, err := packNext(client, api)
		if err != nil {
			log.Print(err)
		}
		if !found {
			time.Sleep(time.Second)
		}
	}
}

func main() {
	api := os.Getenv("API_URL")
	if api == "" {
		api = defaultAPI
	}
	go work(api)

	http.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "shop_orders_packed_total %d\n", packed.Load())
	})
	log.Print("worker: serves /metrics")
	log.Fatal(http.ListenAndServe(":9090", nil))
}
