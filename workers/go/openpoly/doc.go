// Package openpoly is what functions in Go see of the catalog: other functions, variables, and the call that is running.
//
//	package shop
//
//	import (
//		"context"
//		"openpoly"
//	)
//
//	// Enrich adds what the CRM knows of a customer.
//	func enrich(ctx context.Context, customer Customer) (Enriched, error) {
//		contact, err := openpoly.CallAs[Contact](ctx, "crm.contacts.get", customer.ID)
//		if err != nil {
//			return Enriched{}, err
//		}
//		openpoly.Log(ctx).Info("found", contact.Name)
//		return Enriched{Customer: customer, Name: contact.Name}, nil
//	}
//
// The context that a function takes is the call's: it is done when nobody waits for the call any more. Everything here
// also works with a context that was made of it, and in goroutines of the call with any other.
package openpoly
