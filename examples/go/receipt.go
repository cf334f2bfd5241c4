// Package shop holds what the shop's till needs.
package shop

import (
	"context"
	"errors"
	"fmt"
	"openpoly"
	"time"
)

// A Size is how large a portion is.
type Size string

const (
	Small Size = "small"
	Large Size = "large"
)

// A Line of an order.
type Line struct {
	// What is sold.
	Product string   `json:"product"`
	Count   int      `json:"count"`
	Price   *float64 `json:"price,omitempty"` // of one; looked up when it is left out
	Size    Size     `json:"size"`
}

// An Order of a customer.
type Order struct {
	Customer string `json:"customer"`
	Lines    []Line `json:"lines"`
}

// A Receipt for an order.
type Receipt struct {
	Customer string       `json:"customer"`
	Total    float64      `json:"total"`
	Counts   map[Size]int `json:"counts"`
	At       time.Time    `json:"at"`
}

// Receipt adds up an order. Prices that it does not have come from the catalog.
func receipt(ctx context.Context, order Order) (Receipt, error) {
	if len(order.Lines) == 0 {
		return Receipt{}, errors.New("an order has lines")
	}
	fmt.Println("adding up for", order.Customer)
	made := Receipt{Customer: order.Customer, Counts: map[Size]int{}, At: time.Now().UTC()}
	for _, line := range order.Lines {
		price, err := priceOf(ctx, line)
		if err != nil {
			return Receipt{}, err
		}
		made.Total += float64(line.Count) * price
		made.Counts[line.Size] += line.Count
	}
	return made, nil
}

func priceOf(ctx context.Context, line Line) (float64, error) {
	if line.Price != nil {
		return *line.Price, nil
	}
	openpoly.Log(ctx).Warn("no price for", line.Product)
	price, err := openpoly.CallAs[float64](ctx, "shop.prices.priceOf", line.Product)
	var unknown *openpoly.Error
	if errors.As(err, &unknown) {
		return 0, fmt.Errorf("%s has no price: %w", line.Product, err)
	}
	return price, err
}
