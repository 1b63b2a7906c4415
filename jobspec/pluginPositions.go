package main

import (
	"fmt"

	"github.com/hashicorp/hcl/hcl/ast"
	"github.com/hashicorp/hcl/hcl/token"
)

// driver is the name of our plugin in an agent's file.
const driver = "containerd-driver"

// pluginPositions are the places of the plugin's options, under the one key "plugin": in the config block of our
// plugin block, or bare when there is no plugin block.
func pluginPositions(file *ast.File) positions {
	found := places{}
	list, _ := file.Node.(*ast.ObjectList)
	if list == nil {
		return positions{"plugin": found}
	}
	if len(list.Filter("plugin").Items) == 0 {
		putItems(found, "plugin", list)
		return positions{"plugin": found}
	}
	for _, plugin := range members(list, "plugin", driver) {
		put(found, "plugin", plugin.Pos())
		for _, config := range members(inside(plugin), "config") {
			put(found, "plugin", config.Pos())
			putItems(found, "plugin", inside(config))
			return positions{"plugin": found}
		}
	}
	return positions{"plugin": found}
}

// members are the items under some keys: `plugin "name" { … }` and `plugin { name { … } }` say the same.
func members(list *ast.ObjectList, keys ...string) []*ast.ObjectItem {
	if list == nil {
		return nil
	}
	var found []*ast.ObjectItem
	for _, item := range list.Items {
		matched := 0
		for matched < len(item.Keys) && matched < len(keys) && nameOf(item.Keys[matched]) == keys[matched] {
			matched++
		}
		switch {
		case matched == len(keys):
			found = append(found, item)
		case matched > 0 && matched == len(item.Keys):
			found = append(found, members(inside(item), keys[matched:]...)...)
		}
	}
	return found
}

func inside(item *ast.ObjectItem) *ast.ObjectList {
	switch value := item.Val.(type) {
	case *ast.ObjectType:
		return value.List
	case *ast.ListType:
		// The JSON form may have a list around an object.
		if len(value.List) > 0 {
			if object, is := value.List[0].(*ast.ObjectType); is {
				return object.List
			}
		}
	}
	return nil
}

func putItems(found places, path string, list *ast.ObjectList) {
	if list == nil {
		return
	}
	for _, item := range list.Items {
		at := path
		for _, key := range item.Keys {
			at += "." + nameOf(key)
		}
		put(found, at, item.Pos())
		putValue(found, at, item.Val)
	}
}

func putValue(found places, path string, value ast.Node) {
	switch value := value.(type) {
	case *ast.ObjectType:
		putItems(found, path, value.List)
	case *ast.ListType:
		for index, item := range value.List {
			at := fmt.Sprintf("%s[%d]", path, index)
			put(found, at, item.Pos())
			putValue(found, at, item)
		}
	}
}

func put(found places, path string, place token.Pos) {
	if place.Line > 0 {
		found[path] = [2]int{place.Line, place.Column}
	}
}

func nameOf(key *ast.ObjectKey) string {
	name, _ := key.Token.Value().(string)
	return name
}
